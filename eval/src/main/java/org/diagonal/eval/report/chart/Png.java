package org.diagonal.eval.report.chart;

import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.diagonal.plugin.files.AtomicFiles;

/** PNG files, encoded in memory: the JDK's own way needs space in the temporary folder. */
public final class Png {

    private Png() {}

    /** The content of the file. */
    static byte[] of(RenderedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /** Writes a file. */
    public static void write(RenderedImage image, Path file) throws IOException {
        AtomicFiles.write(file, part -> Files.write(part, of(image)));
    }
}
