package org.diagonal.templates.task;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;

/** Refuses files that are not UTF-8, before a parser says something else of them. */
final class Utf8 {

    private Utf8() {}

    /**
     * The text of a file's bytes, without a byte order mark.
     *
     * @throws FileSystemException naming the file and the place of the first wrong byte
     */
    static String decode(String file, byte[] content) throws FileSystemException {
        if (content.length > 1) {
            int mark = ((content[0] & 0xFF) << 8) | (content[1] & 0xFF);
            if (mark == 0xFEFF || mark == 0xFFFE) {
                throw YamlMapping.faultOf(file, "is UTF-16, expected UTF-8");
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(content);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(bytes, text, true);
        if (result.isError()) {
            throw YamlMapping.faultOf(
                    file,
                    "is not UTF-8: unexpected byte 0x%02X at offset %d"
                            .formatted(content[bytes.position()], bytes.position()));
        }
        String words = text.flip().toString();
        return words.startsWith("\uFEFF") ? words.substring(1) : words;
    }
}
