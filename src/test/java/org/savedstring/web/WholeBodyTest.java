package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** A body that isn't whole is never saved, and what is behind an unsafe request waits for it. */
class WholeBodyTest extends ServiceTest {

    private static final String HEAD =
            "PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER + "\r\nTransfer-Encoding: chunked\r\n";
    private static final String BODY = "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX: y\r\n\r\n";
    private static final String BEFORE = "before";

    @Test
    void chunkedBodyCutAnywhereIsNotSaved() throws IOException {
        save(BEFORE);
        for (int end = 0; end < BODY.length(); end++) {
            send(HEAD + "\r\n" + BODY.substring(0, end));
            assertThat(current()).as("cut at %d", end).isEqualTo(BEFORE);
        }
    }

    @Test
    void jsonBodyCutAnywhereIsNotSaved() throws IOException {
        save(BEFORE);
        String body = "4\r\n{\"va\r\nf\r\nlue\":\"a\\u0062c\"}\r\n0\r\n\r\n";
        for (int end = 0; end < body.length(); end++) {
            send(HEAD + "Content-Type: application/json\r\n\r\n" + body.substring(0, end));
            assertThat(current()).as("cut at %d", end).isEqualTo(BEFORE);
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'X', ' ', '\r', '\n', ';', '1', '\0', '-'})
    void chunkedBodyWithOneOtherByteIsRefusedOrSavedAsTheStandardReadsIt(char other) throws IOException {
        for (int position = 0; position < BODY.length(); position++) {
            save(BEFORE);
            String changed = BODY.substring(0, position) + other + BODY.substring(position + 1);
            send(HEAD + "\r\n" + changed);
            assertThat(current())
                    .as("%s instead of the byte at %d", (int) other, position)
                    .isIn(BEFORE, withoutTrailingLineBreak(Chunks.read(changed).orElse(BEFORE)));
        }
    }

    @Test
    void manyChunksAndThenRubbishAreNotSaved() throws IOException {
        save(BEFORE);
        send(HEAD + "\r\n" + "1\r\na\r\n".repeat(100) + "ZZ\r\n");
        assertThat(current()).isEqualTo(BEFORE);
    }

    @Test
    void brokenBodyIsToldSoAndEndsTheConnection() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            connection.send(HEAD + "\r\n5\r\nhello\r\nZZ\r\n");
            ProblemAssert.assertProblem(connection.answer(), 400, "malformed-request");
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @Test
    void readBehindAWriteSeesWhatWasWritten() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            for (int i = 0; i < 50; i++) {
                String value = "value " + i;
                connection.send("PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER + "\r\nContent-Length: "
                        + value.length() + "\r\n\r\n" + value
                        + "GET / HTTP/1.1\r\nHost: test\r\nAccept: text/plain\r\n\r\n");
                assertThat(connection.answer().status()).isEqualTo(200);
                assertThat(connection.answer().text()).isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: test\r\n\r\n", "GET /edit HTTP/1.1\r\nHost: test\r\n\r\n"})
    void clientThatEndsItsInputAfterAWholeRequestIsAnswered(String request) throws IOException {
        try (HttpConnection connection = rawConnection()) {
            connection.send(request).endOfInput();
            assertThat(connection.answer().status()).isEqualTo(200);
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @Test
    void writerThatEndsItsInputAfterAWholeRequestIsAnswered() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            connection.send(HEAD + "\r\n" + BODY).endOfInput();
            Answer answer = connection.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(connection.isClosedByService()).isTrue();
        }
        assertThat(current()).isEqualTo("hello world");
    }

    @Test
    void clientThatEndsItsInputBehindSeveralRequestsIsAnsweredAll() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            String read = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
            connection
                    .send(read + HEAD + "\r\n" + BODY + read + HEAD + "\r\n" + BODY)
                    .endOfInput();
            for (int i = 0; i < 4; i++) {
                assertThat(connection.answer().status()).as("answer %d", i).isEqualTo(200);
            }
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"})
    void writerWhoEndsItsInputInTheMiddleIsToldThatNothingCameOfIt(String cut) throws IOException {
        save(BEFORE);
        try (HttpConnection connection = rawConnection()) {
            connection
                    .send("PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER + "\r\n" + cut)
                    .endOfInput();
            ProblemAssert.assertProblem(connection.answer(), 400, "malformed-request");
            assertThat(connection.isClosedByService()).isTrue();
        }
        assertThat(current()).isEqualTo(BEFORE);
    }

    @Test
    void clientOfHttp2IsToldInItsOwnWordsToComeBack() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(connection.isClosedByService()).isFalse();
        }
    }

    private static String withoutTrailingLineBreak(String value) {
        return value.replaceFirst("\r?\n\\z", "");
    }

    private void send(String request) throws IOException {
        try (HttpConnection connection = rawConnection()) {
            connection.send(request).endOfInput();
            while (!connection.isClosedByService()) {
                // Until everything that is answered was read.
            }
        }
    }

    /** RFC 9112, section 7.1, to the letter. */
    private static final class Chunks {

        private Chunks() {}

        static Optional<String> read(String body) {
            StringBuilder value = new StringBuilder();
            int at = 0;
            while (true) {
                int end = body.indexOf("\r\n", at);
                if (end < 0 || !body.substring(at, end).matches("[0-9A-Fa-f]{1,7}(;[!-~]+(=[!-~]*)?)?")) {
                    return Optional.empty();
                }
                int size = Integer.parseInt(body.substring(at, end).replaceAll(";.*", ""), 16);
                at = end + 2;
                if (size == 0) {
                    return trailersEnd(body, at) ? Optional.of(value.toString()) : Optional.empty();
                }
                if (at + size + 2 > body.length() || !body.startsWith("\r\n", at + size)) {
                    return Optional.empty();
                }
                value.append(body, at, at + size);
                at += size + 2;
            }
        }

        private static boolean trailersEnd(String body, int from) {
            return body.substring(from).matches("(?s)([!-9;-~]+:[^\r\n\0]*\r\n)*\r\n.*");
        }
    }
}
