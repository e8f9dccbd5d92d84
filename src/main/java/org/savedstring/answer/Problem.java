package org.savedstring.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A problem detail (RFC 9457): what is wrong and what was expected, for programs by its type and for people in words.
 *
 * @param type names the kind of problem and never changes
 * @param headers go out with the answer
 */
public record Problem(String type, HttpStatus status, String detail, Map<String, String> headers)
        implements Bodies.Document {

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

    @Override
    public void writeTo(JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        generator.writeStringField("type", type);
        generator.writeStringField("title", status.getReason());
        generator.writeNumberField("status", status.getCode());
        generator.writeStringField("detail", detail);
        generator.writeEndObject();
    }
}
