package org.savedstring.answer;

import io.micronaut.http.HttpStatus;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Map;
import java.util.TreeMap;

/**
 * A problem detail (RFC 9457): what is wrong and what was expected, for programs by its type and for people in words.
 *
 * @param type names the kind of problem and never changes
 * @param headers go out with the answer
 */
public record Problem(String type, HttpStatus status, String detail, Map<String, String> headers) {

    private static final String TYPE_PREFIX = "urn:saved-string:problem:";

    public static Problem of(String name, HttpStatus status, String detail) {
        return new Problem(TYPE_PREFIX + name, status, detail, Map.of());
    }

    public Problem withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Problem(type, status, detail, more);
    }

    public Problem withMore(String sentence) {
        return new Problem(type, status, detail + " " + sentence, headers);
    }

    public Body body() {
        return new Body(type, status.getReason(), status.getCode(), detail);
    }

    /** The members of the document. */
    @Serdeable
    public record Body(String type, String title, int status, String detail) {}
}
