package org.diagonal.eval.hub;

import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last response of a chain of redirects, with what the hub announced on the way.
 *
 * @param linked length and SHA-256 of the file by the hub's own headers, which only its first,
 *     redirecting response has
 */
record Reply(HttpResponse<InputStream> response, Pin linked) {

    private static final Pattern RANGE =
            Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(?:(\\d{1,18})|\\*)");

    int status() {
        return response.statusCode();
    }

    /** A strong ETag, with its quotes; a weak one does not vouch for bytes. */
    Optional<String> etag() {
        return response.headers().firstValue("ETag").filter(tag -> tag.startsWith("\""));
    }

    /** First byte of a partial response. */
    OptionalLong start() {
        return ofRange(1);
    }

    /** Length of the whole file by this response. */
    OptionalLong total() {
        return status() == 200 ? response.headers().firstValueAsLong("Content-Length") : ofRange(2);
    }

    private OptionalLong ofRange(int group) {
        Matcher range = RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
        return range.matches() && range.group(group) != null
                ? OptionalLong.of(Long.parseLong(range.group(group)))
                : OptionalLong.empty();
    }
}
