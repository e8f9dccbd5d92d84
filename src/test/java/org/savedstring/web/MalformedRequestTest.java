package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.savedstring.web.ProblemAssert.assertProblem;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** What no proper client sends, byte by byte. */
class MalformedRequestTest extends ServiceTest {

    private static final String WITH_KEY = " HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER + "\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RUBBISH\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nbad name: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nX: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "GET / RUBBISH/1.1\r\nHost: test\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n"
            })
    void requestThatIsNoHttpIsRefused(String request) throws IOException {
        try (HttpConnection connection = rawConnection()) {
            assertProblem(connection.send(request).answer(), 400, "malformed-request");
        }
        assertThat(http().get("/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/%", "/%zz", "/%00", "/%ff%fe", "/\"<>", "/?%", "/history?limit=%zz", "//", "/;", "*", "test:80"
            })
    void strangeAddressIsRefusedAsTheClientsMistake(String target) throws IOException {
        try (HttpConnection connection = rawConnection()) {
            Answer answer = connection
                    .send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n")
                    .answer();
            assertThat(answer.status()).as(answer.toString()).isIn(200, 400, 401, 404);
        }
    }

    @Test
    void oversizedHeadersAreRefused() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            String request = "GET / HTTP/1.1\r\nHost: test\r\nX: " + "x".repeat(8200) + "\r\n\r\n";
            assertProblem(connection.send(request).answer(), 431, "headers-too-large");
        }
        try (HttpConnection connection = rawConnection()) {
            String request = "GET / HTTP/1.1\r\nHost: test\r\n" + "X: y\r\n".repeat(4000) + "\r\n";
            assertProblem(connection.send(request).answer(), 431, "headers-too-large");
        }
    }

    @Test
    void oversizedAddressIsRefused() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            String request = "GET /?" + "x".repeat(9000) + " HTTP/1.1\r\nHost: test\r\n\r\n";
            assertProblem(connection.send(request).answer(), 414, "uri-too-long");
        }
    }

    @Test
    void announcedOversizedBodyIsRefusedBeforeItIsSent() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            Answer answer = connection
                    .send("PUT /" + WITH_KEY + "Content-Length: 100000000\r\n\r\n")
                    .answer();
            assertProblem(answer, 413, "request-too-large");
        }
    }

    @Test
    void endlessChunkedBodyIsRefused() throws IOException {
        long before = currentVersion();
        try (HttpConnection connection = rawConnection()) {
            connection.send("PUT /" + WITH_KEY + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                connection.send("4000\r\n" + "x".repeat(0x4000) + "\r\n");
            }
            assertProblem(connection.answer(), 413, "request-too-large");
        }
        assertThat(currentVersion()).isEqualTo(before);
    }

    @Test
    void brokenChunkIsNotSaved() throws IOException {
        long before = currentVersion();
        try (HttpConnection connection = rawConnection()) {
            connection.send("PUT /" + WITH_KEY + "Transfer-Encoding: chunked\r\n\r\nrubbish\r\nhalf\r\n0\r\n\r\n");
            assertThat(connection.answer().status()).isEqualTo(400);
        }
        assertThat(currentVersion()).isEqualTo(before);
    }

    /** Otherwise a proxy in front and the service could disagree on where a request ends. */
    @Test
    void bodyWithTwoLengthsIsRefusedOrReadAsChunked() throws IOException {
        long before = currentVersion();
        try (HttpConnection connection = rawConnection()) {
            Answer answer = connection
                    .send("PUT /" + WITH_KEY
                            + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled")
                    .answer();
            assertThat(answer.status()).isEqualTo(400);
        }
        assertThat(currentVersion()).isEqualTo(before);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String before = current();
        try (HttpConnection connection = rawConnection()) {
            String text = "GET / HTTP/1.1\r\nHost: test\r\nAccept: text/plain\r\n\r\n";
            connection.send(text + "GET /nothing HTTP/1.1\r\nHost: test\r\n\r\n" + text + "PUT /" + WITH_KEY
                    + "Content-Length: 5\r\n\r\nvalue" + "GET /health/liveness HTTP/1.1\r\nHost: test\r\n\r\n" + text);
            assertThat(connection.answer().text()).isEqualTo(before);
            assertThat(connection.answer().status()).isEqualTo(404);
            assertThat(connection.answer().text()).isEqualTo(before);
            assertThat(connection.answer().json().path("value").textValue()).isEqualTo("value");
            assertThat(connection.answer().json().path("status").textValue()).isEqualTo("UP");
            assertThat(connection.answer().header("Content-Type")).startsWith("text/plain");
        }
    }

    @Test
    void connectionServesOnAfterARefusal() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            String refused = "PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc";
            assertThat(connection.send(refused).answer().status()).isEqualTo(401);
            assertThat(connection
                            .send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void oldClientIsServedToo() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            Answer answer = connection.send("GET / HTTP/1.0\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(connection.isClosedByService()).isTrue();
        }
    }

    @Test
    void fullAddressIsTheSameAddress() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            Answer answer = connection
                    .send("GET http://test/ HTTP/1.1\r\nHost: test\r\n\r\n")
                    .answer();
            assertThat(answer.status()).isEqualTo(200);
        }
    }
}
