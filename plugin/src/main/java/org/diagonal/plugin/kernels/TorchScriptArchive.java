package org.diagonal.plugin.kernels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive around a module without parameters, as bytes that LibTorch loads.
 *
 * <p>The format is a zip of stored entries: the code, a pickle of the module object (protocol 2),
 * an empty tuple of constants, and the format's version.
 */
final class TorchScriptArchive {

    /** The file format's version; 10 is what LibTorch 2.x writes. */
    private static final String VERSION = "10\n";

    private TorchScriptArchive() {}

    /**
     * Packs a module.
     *
     * @param className the class that the code defines, also the archive's folder in lower case
     * @param code TorchScript source of the class in the dialect that archives hold
     */
    static byte[] of(String className, String code) throws IOException {
        String folder = className.toLowerCase(java.util.Locale.ROOT);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, folder + "/data.pkl", instanceOf(className));
            store(
                    zip,
                    folder + "/code/__torch__.py",
                    code.replace("(self,", "(self: __torch__." + className + ",")
                            .getBytes(StandardCharsets.UTF_8));
            store(zip, folder + "/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, folder + "/version", VERSION.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** The pickle of {@code className.__new__()} with state {@code {"training": True}}. */
    private static byte[] instanceOf(String className) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2}); // PROTO 2
        pickle.write(
                ("c__torch__\n" + className + "\n").getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        pickle.write(new byte[] {')', (byte) 0x81}); // EMPTY_TUPLE, NEWOBJ
        pickle.write(new byte[] {'}', '('}); // EMPTY_DICT, MARK
        byte[] key = "training".getBytes(StandardCharsets.US_ASCII);
        pickle.write('X'); // BINUNICODE with its length
        pickle.write(
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(key.length)
                        .array());
        pickle.write(key);
        pickle.write(new byte[] {(byte) 0x88, 'u', 'b', '.'}); // NEWTRUE, SETITEMS, BUILD, STOP
        return pickle.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
