package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** Every row of docs/http.md, sent as it stands there. */
class HttpContractTest extends ServiceTest {

    private static final Path DOCUMENT = Path.of("docs/http.md");
    private static final Pattern ROW = Pattern.compile("\\| (.+) \\| (.+) \\| `(.+)` \\| (.+) \\|");
    private static final Pattern REPEATED = Pattern.compile("\\{(.+?)\\*(\\d+)}", Pattern.DOTALL);
    private static final Pattern SAVED = Pattern.compile("saved: (.*)");
    private static final Pattern HEADER = Pattern.compile(" with ([A-Za-z-]+)(?:: (.+))?");
    private static final Pattern TYPE = Pattern.compile("\\d+ ([a-z]+/[a-z]+)");
    private static final String BEFORE = "before";

    @TestFactory
    Stream<DynamicTest> rows() throws IOException {
        List<Matcher> rows = Files.readAllLines(DOCUMENT).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
        assertThat(rows).hasSizeGreaterThan(150);
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.group(1), () -> check(row.group(3).replace("\\|", "|"), row.group(4))));
    }

    private void check(String request, String expected) throws IOException {
        String tag = save(BEFORE).entityTag();
        try (HttpConnection connection = rawConnection()) {
            connection.send(toBytes(request, tag));
            Answer answer =
                    expected.contains("empty") || request.startsWith("HEAD") ? connection.head() : connection.answer();
            assertThat(Integer.toString(answer.status())).as(answer.toString()).isIn((Object[]) statuses(expected));
            assertHeaders(answer, expected);
            if (expected.contains("closed")) {
                assertThat(connection.isClosedByService()).isTrue();
            } else if (!request.contains("HTTP/1.0")) {
                connection.send("GET /health/liveness HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(connection.answer().status())
                        .as("the next on this connection")
                        .isIn(200, 413);
            }
        }
        Matcher saved = SAVED.matcher(expected);
        assertThat(current()).isEqualTo(saved.find() ? visible(saved.group(1)) : BEFORE);
    }

    private static void assertHeaders(Answer answer, String expected) {
        assertThat(answer.header("Date")).isNotEmpty();
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        Matcher type = TYPE.matcher(expected);
        if (type.lookingAt()) {
            assertThat(answer.header("Content-Type")).startsWith(type.group(1));
        }
        if (expected.contains("without Content-Encoding")) {
            assertThat(answer.header("Content-Encoding")).isEmpty();
        }
        Matcher header = HEADER.matcher(expected);
        if (header.find()) {
            assertThat(answer.header(header.group(1))).isNotEmpty();
            if (header.group(2) != null) {
                assertThat(answer.header(header.group(1))).isEqualTo(header.group(2));
            }
        }
    }

    private static String[] statuses(String expected) {
        return Pattern.compile("\\b[1-5]\\d\\d\\b")
                .matcher(expected.replaceAll(" (saved|with).*", ""))
                .results()
                .map(status -> status.group())
                .toArray(String[]::new);
    }

    /** The characters stand for the octets of their UTF-8, as a connection sends them. */
    private static String toBytes(String request, String tag) {
        String text = visible(request)
                .replace("{host}", "Host: test\r\n")
                .replace("{key}", "X-API-Key: " + TestKeys.WRITER + "\r\n")
                .replace("{etag}", tag);
        String whole = REPEATED.matcher(text)
                .replaceAll(part -> Matcher.quoteReplacement(part.group(1).repeat(Integer.parseInt(part.group(2)))));
        return new String(whole.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String visible(String text) {
        return text.replace("↵", "\r\n")
                .replace('␀', '\0')
                .replace('␇', '\7')
                .replace('␉', '\t')
                .replace('␊', '\n')
                .replace('␍', '\r');
    }
}
