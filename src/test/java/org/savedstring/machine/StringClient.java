package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes the string over one connection, which it makes anew when it was closed. */
public final class StringClient implements AutoCloseable {

    /** What an answer said; the version is -1 if it was not about a version. */
    public record Answer(int status, long version, String value, String entityTag, String text) {}

    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]*)\"");
    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");

    private final InetSocketAddress address;
    private final String apiKey;
    private @Nullable HttpConnection connection;

    public StringClient(InetSocketAddress address, String apiKey) {
        this.address = address;
        this.apiKey = apiKey;
    }

    /** Makes a connection unless there is one: where this fails, nothing was sent. */
    public void connect() throws IOException {
        if (connection == null) {
            connection = new HttpConnection(address, ANSWER_MAX);
        }
    }

    public Answer read() throws IOException {
        return exchange("GET", "", "Accept: application/json");
    }

    public Answer write(String value) throws IOException {
        return exchange("PUT", value, "Content-Type: text/plain", "X-API-Key: " + apiKey);
    }

    public Answer writeIfMatch(String value, String entityTag) throws IOException {
        return exchange("PUT", value, "Content-Type: text/plain", "X-API-Key: " + apiKey, "If-Match: " + entityTag);
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private Answer exchange(String method, String body, String... headers) throws IOException {
        connect();
        try {
            var response = Objects.requireNonNull(connection).request(method, "/", body.getBytes(UTF_8), headers);
            if (response.closes()) {
                close();
            }
            return answer(response);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static Answer answer(HttpConnection.Response response) {
        Matcher value = VALUE.matcher(response.text());
        Matcher version = VERSION.matcher(response.text());
        boolean found = response.status() == 200 && value.find() && version.find();
        return new Answer(
                response.status(),
                found ? Long.parseLong(version.group(1)) : -1,
                found ? value.group(1) : "",
                response.headers().getOrDefault("etag", ""),
                response.text());
    }
}
