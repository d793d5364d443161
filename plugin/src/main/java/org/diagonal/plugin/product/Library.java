package org.diagonal.plugin.product;

/**
 * A library that only some uses need. The plug-in's POM calls it optional, so who loads models and
 * trains them does not download it; who uses more adds it to the dependencies.
 */
public enum Library {
    /** Runs ONNX files, and so checks those that are written. */
    ONNX_RUNTIME("com.microsoft.onnxruntime", "onnxruntime", "ai.onnxruntime.OrtEnvironment"),
    /** The protobuf classes of ONNX files. */
    ONNX_FORMAT("org.tribuo", "tribuo-util-onnx", "ai.onnx.proto.OnnxMl"),
    /** GPT-2's byte pairs, for folders without a tokenizer. */
    JTOKKIT("com.knuddels", "jtokkit", "com.knuddels.jtokkit.Encodings"),
    /** Singular values, for mimetic initialisation. */
    EJML("org.ejml", "ejml-ddense", "org.ejml.dense.row.CommonOps_DDRM"),
    /** The metrics of a run folder. */
    COMMONS_CSV("org.apache.commons", "commons-csv", "org.apache.commons.csv.CSVFormat");

    private final String group;
    private final String artifact;
    private final String type;

    Library(String group, String artifact, String type) {
        this.group = group;
        this.artifact = artifact;
        this.type = type;
    }

    /** Whether the class path has it. */
    public boolean isPresent() {
        try {
            Class.forName(type, false, Library.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Refuses a use that needs it where it is missing; call this before the first class that knows
     * it is loaded.
     *
     * @param use what needs it, such as {@code exporting to ONNX}
     * @throws MissingLibraryException naming the use and the dependency to add
     */
    public void require(String use) {
        if (!isPresent()) {
            throw new MissingLibraryException(
                    "%s needs a library that is not on the class path: add the dependency %s:%s:%s"
                            .formatted(use, group, artifact, Product.version(artifact)));
        }
    }
}
