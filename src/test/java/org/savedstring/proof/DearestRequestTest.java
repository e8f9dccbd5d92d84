package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.Http;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.JvmProbe;
import org.savedstring.machine.JvmProbe.Work;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;

/** What the dearest request of each kind costs an instance, against an ordinary one: by memory that was asked for. */
@Tag("cell")
@LongRunOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DearestRequestTest {

    private static final double TIMES_MAX = 20;

    private static final MarkdownTable TABLE = new MarkdownTable(Path.of("target/dearest.md"), """
            | request | dear by | bytes | an ordinary one | times | µs | an ordinary one |
            |---|---|--:|--:|--:|--:|--:|
            """);

    private static final int WARM_UP = 100;
    private static final int MEASURED = 200;
    private static final int VERSIONS = 1_000;

    private static final String ORDINARY = "a string of some thirty letters";
    private static final String HOST = " HTTP/1.1\r\nHost: test\r\n";
    private static final String EXTENDED = "1" + ";a=\"b\"".repeat(41);
    private static final String KEY = "X-API-Key: " + TestKeys.WRITER + "\r\n";
    /** As a browser sends it, and what a load balancer adds. */
    private static final String BROWSER = String.join(
            "\r\n",
            "X-Forwarded-For: 203.0.113.7",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Port: 443",
            "X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678",
            "Connection: keep-alive",
            "Cache-Control: max-age=0",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "Accept-Language: en-GB,en;q=0.9",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Upgrade-Insecure-Requests: 1",
            "Sec-Fetch-Dest: document",
            "Sec-Fetch-Mode: navigate",
            "Sec-Fetch-Site: none",
            "Sec-Fetch-User: ?1",
            "");

    private ServiceInstance service;
    private JvmProbe probe;

    /** One kind of request: an ordinary one, and one that is meant to cost. */
    record Pair(String kind, String meant, String ordinary, String dear) {

        @Override
        public String toString() {
            return kind + ", " + meant;
        }
    }

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.file());
        service = ServiceInstance.start(
                "dear",
                ServiceInstance.APPLICATION_UNWATCHED,
                Map.of("SAVED_STRING_STORE", "embedded", "SAVED_STRING_KEYS_FILE", keys.toString()));
        try (Http http = service.http()) {
            for (int i = 0; i < VERSIONS; i++) {
                http.put(ORDINARY, "X-API-Key", TestKeys.WRITER);
            }
        }
        probe = new JvmProbe(service.pid());
    }

    @AfterAll
    void stop() {
        probe.close();
        service.close();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void costsNoMoreThanSomeOrdinaryOnes(Pair pair) throws IOException {
        Work ordinary = costOf(pair.ordinary());
        Work dear = costOf(pair.dear());

        TABLE.add("| %s | %s | %,d | %,d | %.1f | %,d | %,d |%n"
                .formatted(
                        pair.kind(),
                        pair.meant(),
                        dear.allocatedBytes(),
                        ordinary.allocatedBytes(),
                        (double) dear.allocatedBytes() / ordinary.allocatedBytes(),
                        dear.cpuNanos() / 1_000,
                        ordinary.cpuNanos() / 1_000));
        assertThat((double) dear.allocatedBytes())
                .as("bytes of %s, against %d", pair, ordinary.allocatedBytes())
                .isLessThan(TIMES_MAX * ordinary.allocatedBytes());
    }

    static Stream<Pair> pairs() {
        // The history first, while all versions in it are alike.
        return Stream.of(histories(), reads(), elsewhere(), lists(), writes(), chunks(), refusals())
                .flatMap(pairs -> pairs);
    }

    private static Stream<Pair> reads() {
        return Stream.of(
                        "Accept: */*" + ",".repeat(7_800),
                        "Accept: " + "text/html;q=0.001,".repeat(420),
                        "Accept: text/html" + ";a=b".repeat(1_900),
                        "If-None-Match: " + "\"x\",".repeat(1_900),
                        "If-None-Match: " + ",".repeat(7_800),
                        "X-Forwarded-For: " + "1.1.1.1,".repeat(950),
                        "X-Forwarded-For: " + ",".repeat(7_800),
                        "Cookie: " + "a=b;".repeat(1_900))
                .map(header -> new Pair(
                        "a page",
                        "`" + header.substring(0, 25) + "…`",
                        "GET /" + HOST + BROWSER + "\r\n",
                        "GET /" + HOST + header + "\r\n\r\n"));
    }

    /** What is like a page, but goes another way: each against one that goes the same way. */
    private static Stream<Pair> elsewhere() {
        return Stream.of(
                new Pair(
                        "a page",
                        "1,200 lines of headers",
                        "GET /" + HOST + BROWSER + "\r\n",
                        "GET /" + HOST + "a: b\r\n".repeat(1_200) + "\r\n"),
                new Pair(
                        "a page",
                        "99 lines of headers",
                        "GET /" + HOST + BROWSER + "\r\n",
                        "GET /" + HOST + "a: b\r\n".repeat(98) + "\r\n"),
                new Pair(
                        "a representation that there is not",
                        "`Accept` with 1,900 of them",
                        "GET /" + HOST + "Accept: a/b\r\n\r\n",
                        "GET /" + HOST + "Accept: " + "a/b,".repeat(1_900) + "\r\n\r\n"),
                new Pair(
                        "a page for a connection with options",
                        "3,800 of them",
                        "GET /" + HOST + "Connection: a\r\n\r\n",
                        "GET /" + HOST + "Connection: " + "a,".repeat(3_800) + "\r\n\r\n"),
                new Pair(
                        "leave for a script to write",
                        "with 3,600 headers",
                        preflight("x-api-key"),
                        preflight("a,".repeat(3_600))));
    }

    /** Whoever splits them, and wherever: as long a list as there may be, and a longer one. */
    private static Stream<Pair> lists() {
        return Stream.of("Connection", "Transfer-Encoding", "Accept-Encoding", "X-Forwarded-For", "Content-Type")
                .flatMap(name -> Stream.of(
                                "a,".repeat(499), "a,".repeat(3_800), "a;".repeat(3_800), "a;a=b,".repeat(499))
                        .map(list -> new Pair(
                                "a wrong key",
                                "`%s: %s…` of %,d letters".formatted(name, list.substring(0, 6), list.length()),
                                withHeader("X-API-Key: k\r\n" + name + ": a"),
                                withHeader("X-API-Key: k\r\n" + name + ": " + list))));
    }

    private static Stream<Pair> writes() {
        return Stream.of(
                write("4,096 letters", put("x".repeat(4_096))),
                write("JSON in escapes", json("{\"value\":\"" + "\\u0061".repeat(4_096) + "\"}")),
                write("JSON in 10,000 escapes, refused", json("{\"value\":\"" + "\\u0061".repeat(10_000) + "\"}")),
                write("a form of 20,000 escapes, refused", form("value=" + "%41".repeat(20_000))),
                write("JSON with 60,000 other letters", json("{\"a\":\"" + "b".repeat(60_000) + "\",\"value\":\"x\"}")),
                write("JSON with 7,000 other members", json(members(7_000))),
                write("JSON in depth", json("{\"a\":" + "[".repeat(30_000))),
                write("60,000 letters, refused", put("x".repeat(60_000))),
                write(
                        "If-Match of 1,900 tags",
                        "PUT /" + HOST + KEY + "If-Match: " + "\"x\",".repeat(1_900)
                                + "\"y\"\r\nContent-Length: 1\r\n\r\nx"));
    }

    private static Stream<Pair> chunks() {
        String withKey = "PUT /" + HOST + KEY;
        return Stream.of(
                new Pair("a change", "499 chunks of a letter", put(ORDINARY), chunked(withKey, "1", 499)),
                new Pair("a change", "2,000 chunks of a letter", put(ORDINARY), chunked(withKey, "1", 2_000)),
                new Pair("a change", "49 chunks with extensions", put(ORDINARY), chunked(withKey, EXTENDED, 49)),
                new Pair("a change", "250 chunks with extensions", put(ORDINARY), chunked(withKey, EXTENDED, 250)),
                new Pair(
                        "a change without a key",
                        "499 chunks of a letter",
                        chunked("PUT /" + HOST, "1", 1),
                        chunked("PUT /" + HOST, "1", 499)),
                new Pair(
                        "a page, asked for with a body",
                        "499 chunks of a letter",
                        chunked("GET /" + HOST, "1", 1),
                        chunked("GET /" + HOST, "1", 499)),
                new Pair(
                        "a page, asked for with a body",
                        "1,200 lines of trailers",
                        chunked("GET /" + HOST, "1", 1),
                        chunked("GET /" + HOST, "1", 1).strip() + "\r\n" + "a: b\r\n".repeat(1_200) + "\r\n"));
    }

    private static String chunked(String head, String size, int chunks) {
        return head + "Transfer-Encoding: chunked\r\n\r\n" + (size + "\r\nx\r\n").repeat(chunks) + "0\r\n\r\n";
    }

    private static Stream<Pair> histories() {
        return Stream.of(new Pair(
                "the history",
                "1,000 versions instead of the 100 of the edit page",
                "GET /history?limit=100" + HOST + KEY + "\r\n",
                "GET /history?limit=1000" + HOST + KEY + "\r\n"));
    }

    private static Stream<Pair> refusals() {
        String ordinary = "GET /history" + HOST + "X-API-Key: " + TestKeys.WRITER + "x\r\n\r\n";
        return Stream.of(
                new Pair("a wrong key", "of 7,800 letters", ordinary, withHeader("X-API-Key: " + "k".repeat(7_800))),
                new Pair(
                        "a wrong key",
                        "500 times",
                        ordinary,
                        withHeader("X-API-Key: k\r\n".repeat(500).strip())),
                new Pair(
                        "an unknown address",
                        "of 7,800 letters",
                        "GET /nowhere" + HOST + BROWSER + "\r\n",
                        "GET /" + "x".repeat(7_800) + HOST + "\r\n"),
                new Pair(
                        "an unknown address",
                        "of 2,600 escapes",
                        "GET /nowhere" + HOST + BROWSER + "\r\n",
                        "GET /" + "%41".repeat(2_600) + HOST + "\r\n"),
                new Pair(
                        "an unknown address",
                        "of 3,900 slashes and parameters",
                        "GET /nowhere" + HOST + BROWSER + "\r\n",
                        "GET /" + "/x".repeat(1_950) + "?" + "a&".repeat(1_950) + HOST + "\r\n"));
    }

    private static Pair write(String meant, String request) {
        return new Pair("a change", meant, put(ORDINARY), request);
    }

    private static String put(String body) {
        return "PUT /" + HOST + KEY + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String json(String body) {
        return put(body).replace("\r\n\r\n", "\r\nContent-Type: application/json\r\n\r\n");
    }

    private static String form(String body) {
        return put(body).replace("\r\n\r\n", "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n");
    }

    private static String preflight(String headers) {
        return "OPTIONS /" + HOST + "Origin: https://test\r\nAccess-Control-Request-Method: PUT\r\n"
                + "Access-Control-Request-Headers: " + headers + "\r\n\r\n";
    }

    private static String members(int count) {
        StringBuilder json = new StringBuilder("{\"value\":\"x\"");
        for (int i = 0; i < count; i++) {
            json.append(",\"").append(Integer.toString(i, 36)).append("\":1");
        }
        return json.append('}').toString();
    }

    private static String withHeader(String header) {
        return "GET /history" + HOST + header + "\r\n\r\n";
    }

    /** Of one, on the average of many. */
    private Work costOf(String request) throws IOException {
        ask(request, WARM_UP);
        Work before = probe.work();
        ask(request, MEASURED);
        Work all = probe.work().since(before);
        return new Work(all.allocatedBytes() / MEASURED, all.cpuNanos() / MEASURED);
    }

    private void ask(String request, int times) throws IOException {
        HttpConnection connection = new HttpConnection(service.address());
        try {
            for (int i = 0; i < times; i++) {
                Answer answer = connection.send(request).answer();
                if (answer.closes()) {
                    connection.close();
                    connection = new HttpConnection(service.address());
                }
            }
        } finally {
            connection.close();
        }
    }
}
