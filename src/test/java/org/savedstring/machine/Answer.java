package org.savedstring.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** What the service answered. */
public record Answer(int status, HttpHeaders headers, byte[] body) {

    private static final JsonMapper JSON = new JsonMapper();

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + text(), e);
        }
    }

    /** Its value, or nothing at all if the answer lacks it. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    public String entityTag() {
        return header("ETag");
    }

    /** Whether the connection ends with it. */
    public boolean closes() {
        return header("Connection").equalsIgnoreCase("close");
    }

    /** Of the string that the answer, as JSON, is about; -1 if it is about none. */
    public long version() {
        return status == 200 ? json().path("version").asLong(-1) : -1;
    }

    public String value() {
        return json().path("value").asText();
    }

    /** The last part of the problem's type. */
    public String problem() {
        String type = json().path("type").asText();
        return type.substring(type.lastIndexOf(':') + 1);
    }

    @Override
    public String toString() {
        return status + " " + headers.map() + "\n" + text();
    }
}
