import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The saved string from Java 17 or newer: {@code java SavedString.java read | change ETAG TEXT | follow}. */
public final class SavedString {

    private static final int ANSWER_MAX_MS = 10_000;
    private static final int SILENCE_MAX_MS = 60_000;
    private static final int PAUSE_MS = 1_000;

    private final URI url;

    public SavedString(URI url) {
        this.url = url;
    }

    /** The string, and the ETag that a change of just this state needs. */
    public record State(String etag, String value) {}

    public State read() throws IOException {
        HttpURLConnection request = open("", ANSWER_MAX_MS);
        request.setRequestProperty("Accept", "text/plain");
        return new State(request.getHeaderField("ETag"), answer(request));
    }

    /**
     * Saves the text.
     *
     * @return the new state as JSON
     * @throws IOException with the problem that was answered, 412 if somebody else has changed the string since
     */
    public String change(String key, String etag, String text) throws IOException {
        HttpURLConnection request = open("", ANSWER_MAX_MS);
        request.setRequestMethod("PUT");
        request.setRequestProperty("X-API-Key", key);
        request.setRequestProperty("If-Match", etag);
        request.setRequestProperty("Content-Type", "text/plain");
        request.setDoOutput(true);
        request.getOutputStream().write(text.getBytes(UTF_8));
        return answer(request);
    }

    /** Hands on each state as JSON, as it comes, for ever; after a lost connection it resumes where it was. */
    public void follow(Consumer<String> reader) throws InterruptedException {
        Map<String, String> last = new HashMap<>();
        while (true) {
            try {
                HttpURLConnection request = open("events", SILENCE_MAX_MS);
                if (last.containsKey("id")) {
                    request.setRequestProperty("Last-Event-ID", last.get("id"));
                }
                readEvents(request.getInputStream(), event -> {
                    last.putAll(event);
                    if (event.containsKey("data") && !event.containsKey("event")) { // other events are signs of life
                        reader.accept(event.get("data"));
                    }
                });
            } catch (IOException e) {
                System.err.println("lost: " + e);
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    /** Hands on the fields of each event until the stream ends. */
    private static void readEvents(InputStream stream, Consumer<Map<String, String>> reader) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
            Map<String, String> event = new HashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    reader.accept(event);
                    event = new HashMap<>();
                } else {
                    String[] nameAndValue = line.split(": ", 2);
                    event.put(nameAndValue[0], nameAndValue.length == 2 ? nameAndValue[1] : "");
                }
            }
        }
    }

    private HttpURLConnection open(String path, int silenceMaxMs) throws IOException {
        var request = (HttpURLConnection) url.resolve(path).toURL().openConnection();
        request.setConnectTimeout(ANSWER_MAX_MS);
        request.setReadTimeout(silenceMaxMs);
        return request;
    }

    private static String answer(HttpURLConnection request) throws IOException {
        boolean ok = request.getResponseCode() < 400;
        try (InputStream body = ok ? request.getInputStream() : request.getErrorStream()) {
            String text = new String(body.readAllBytes(), UTF_8);
            if (!ok) {
                throw new IOException(text);
            }
            return text;
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        var string = new SavedString(URI.create(System.getenv().getOrDefault("URL", "http://localhost:8080/")));
        try {
            switch (arguments.length == 0 ? "" : arguments[0]) {
                case "read" -> {
                    State state = string.read();
                    System.out.println(state.etag() + "\n" + state.value());
                }
                case "change" -> System.out.println(string.change(System.getenv("KEY"), arguments[1], arguments[2]));
                case "follow" -> string.follow(System.out::println);
                default -> throw new IOException("usage: java SavedString.java read | change ETAG TEXT | follow");
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
