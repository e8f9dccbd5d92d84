package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.TestKeys;

/** Every kind of bad input is answered with its own problem, and saves nothing. */
class BadInputTest extends ServiceTest {

    private static final String JSON = "application/json";

    record Put(String what, int status, String problem, byte[] body, List<String> headers) {

        static Put text(String what, int status, String problem, String body, String... headers) {
            return new Put(what, status, problem, body.getBytes(StandardCharsets.UTF_8), List.of(headers));
        }

        static Put bytes(String what, String problem, String hex, String... headers) {
            return new Put(what, 400, problem, HexFormat.of().parseHex(hex), List.of(headers));
        }

        static Put json(String what, String problem, String body) {
            return text(what, 400, problem, body, "Content-Type", JSON);
        }

        static Put typed(String what, String type) {
            return text(what, 415, "unsupported-media-type", "typed", "Content-Type", type);
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Put> badBodies() {
        return Stream.of(
                Put.text("empty body", 400, "value-empty", ""),
                Put.text("nothing but the line break that is dropped", 400, "value-empty", "\n"),
                Put.text("too long by one byte", 413, "value-too-long", "x".repeat(4097)),
                Put.text("too long by one byte of a character", 413, "value-too-long", "x".repeat(4095) + "ü"),
                Put.text("too long for the server", 413, "request-too-large", "x".repeat(65_537)),
                Put.bytes("lone continuation byte", "malformed-utf-8", "61 80 62".replace(" ", "")),
                Put.bytes("truncated character", "malformed-utf-8", "61c3"),
                Put.bytes("truncated in the middle", "malformed-utf-8", "f09f8e61"),
                Put.bytes("overlong slash", "malformed-utf-8", "c0af"),
                Put.bytes("surrogate in UTF-8", "malformed-utf-8", "eda080"),
                Put.bytes("beyond Unicode", "malformed-utf-8", "f4908080"),
                Put.bytes("ISO 8859-1", "malformed-utf-8", "fc"),
                Put.bytes("UTF-16", "malformed-utf-8", "fffe6100"),
                Put.bytes("malformed in JSON", "malformed-utf-8", "7b2276616c7565223a22ff227d", "Content-Type", JSON),
                Put.text("NUL", 400, "value-not-showable", "a\0b"),
                Put.text("backspace", 400, "value-not-showable", "a\bb"),
                Put.text("form feed", 400, "value-not-showable", "a\fb"),
                Put.text("next line, a control character of C1", 400, "value-not-showable", "a\u0085b"),
                Put.text("escape", 400, "value-not-showable", "a\u001bb"),
                Put.text("escape", 400, "value-not-showable", "\u001b[31m"),
                Put.text("DEL", 400, "value-not-showable", "a\u007f"),
                Put.text("C1 control character", 400, "value-not-showable", "a\u0085b"),
                Put.text("byte order mark", 400, "value-not-showable", "\ufeffa"),
                Put.json("high surrogate alone in JSON", "value-not-showable", "{\"value\":\"a\\ud83c\"}"),
                Put.json("low surrogate alone in JSON", "value-not-showable", "{\"value\":\"\\udf88a\"}"),
                Put.json("surrogates in the wrong order", "value-not-showable", "{\"value\":\"\\udf88\\ud83c\"}"),
                Put.json("control character escaped in JSON", "value-not-showable", "{\"value\":\"a\\u0000\"}"),
                Put.json("control character as it is in JSON", "malformed-json", "{\"value\":\"a\tb\"}"),
                Put.json("empty value in JSON", "value-empty", "{\"value\":\"\"}"),
                Put.json("empty JSON", "malformed-json", ""),
                Put.json("JSON array", "malformed-json", "[\"value\"]"),
                Put.json("JSON string", "malformed-json", "\"value\""),
                Put.json("JSON null", "malformed-json", "null"),
                Put.json("no value", "malformed-json", "{}"),
                Put.json("value in other case", "malformed-json", "{\"Value\":\"a\"}"),
                Put.json("value twice", "malformed-json", "{\"value\":\"a\",\"value\":\"b\"}"),
                Put.json("another name twice", "malformed-json", "{\"x\":1,\"value\":\"a\",\"x\":1}"),
                Put.json("value is null", "malformed-json", "{\"value\":null}"),
                Put.json("value is a number", "malformed-json", "{\"value\":1}"),
                Put.json("value is a boolean", "malformed-json", "{\"value\":true}"),
                Put.json("value is an array", "malformed-json", "{\"value\":[\"a\"]}"),
                Put.json("value is an object", "malformed-json", "{\"value\":{\"value\":\"a\"}}"),
                Put.json("unfinished JSON", "malformed-json", "{\"value\":\"a\""),
                Put.json("something after the JSON", "malformed-json", "{\"value\":\"a\"} x"),
                Put.json("a second document", "malformed-json", "{\"value\":\"a\"}{\"value\":\"b\"}"),
                Put.json("comment in JSON", "malformed-json", "{/**/\"value\":\"a\"}"),
                Put.json("single quotes", "malformed-json", "{'value':'a'}"),
                Put.json("trailing comma", "malformed-json", "{\"value\":\"a\",}"),
                Put.json("unknown escape", "malformed-json", "{\"value\":\"\\x41\"}"),
                Put.json("number of a thousand digits", "malformed-json", "{\"n\":" + "1".repeat(2000) + "}"),
                Put.json("nested deeply", "malformed-json", "{\"x\":" + "[".repeat(10_000)),
                Put.text(
                        "too long in JSON",
                        413,
                        "value-too-long",
                        "{\"value\":\"" + "x".repeat(4097) + "\"}",
                        "Content-Type",
                        JSON),
                Put.typed("image", "image/png"),
                Put.typed("multipart", "multipart/form-data; boundary=x"),
                Put.typed("HTML", "text/html"),
                Put.typed("problem", "application/problem+json"),
                Put.typed("no type at all but something", "rubbish"),
                Put.typed("any type", "*/*"),
                Put.typed("ISO 8859-1", "text/plain; charset=iso-8859-1"),
                Put.typed("UTF-16", "text/plain; charset=utf-16"),
                Put.typed("JSON in UTF-16", "application/json; charset=utf-16"),
                Put.typed("unknown charset", "text/plain; charset=klingon"),
                Put.typed("very long type", "a/" + "b".repeat(3000)),
                Put.text("compressed body", 415, "unsupported-media-type", "x", "Content-Encoding", "gzip"),
                Put.text("unquoted If-Match", 400, "malformed-if-match", "x", "If-Match", "rubbish"),
                Put.text("half-quoted If-Match", 400, "malformed-if-match", "x", "If-Match", "\"7-0-json"),
                Put.text("empty If-Match", 400, "malformed-if-match", "x", "If-Match", ""),
                Put.text("If-Match of * and more", 400, "malformed-if-match", "x", "If-Match", "*, \"a\""),
                Put.text(
                        "If-Match of * and more in two",
                        400,
                        "malformed-if-match",
                        "x",
                        "If-Match",
                        "*",
                        "If-Match",
                        "*"),
                Put.text("If-Match without commas", 400, "malformed-if-match", "x", "If-Match", "\"a\" \"b\""),
                Put.text("If-None-Match", 400, "unsupported-precondition", "x", "If-None-Match", "*"));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void badWriteIsRefusedWithItsReasonAndSavesNothing(Put put) {
        long before = currentVersion();
        Answer answer = http().put(put.body(), withKey(put.headers().toArray(String[]::new)));
        ProblemAssert.assertProblem(answer, put.status(), put.problem());
        assertThat(currentVersion()).isEqualTo(before);
    }

    @Test
    void refusalNamesTheOffendingAndTheExpectedValue() {
        assertThat(detail(http().put("x".repeat(4097), KEY))).contains("4097", "4096");
        assertThat(detail(http().put("a\u0007", KEY))).contains("U+0007");
        assertThat(detail(http().put("x", withKey("Content-Type", "image/png"))))
                .contains("image/png", "text/plain");
        assertThat(detail(http().put("{\"value\":7}", withKey("Content-Type", JSON))))
                .contains("number", "string");
        assertThat(detail(http().put("{\"value\":[]}", withKey("Content-Type", JSON))))
                .startsWith("\"value\" is an array;");
        assertThat(detail(http().put("{\"value\":\"x}", withKey("Content-Type", JSON))))
                .contains("line 1");
    }

    static Stream<Put> badKeys() {
        String key = TestKeys.WRITER;
        return Stream.of(
                Put.text("no key", 401, "key-missing", "x"),
                Put.text("other scheme", 401, "key-missing", "x", "Authorization", "Basic dXNlcjpwYXNz"),
                Put.text("empty key", 401, "key-unknown", "x", "X-API-Key", ""),
                Put.text("empty bearer", 401, "key-missing", "x", "Authorization", "Bearer"),
                Put.text("wrong key", 401, "key-unknown", "x", "X-API-Key", key.replace('w', 'v')),
                Put.text("truncated key", 401, "key-unknown", "x", "X-API-Key", key.substring(0, key.length() - 1)),
                Put.text("longer key", 401, "key-unknown", "x", "X-API-Key", key + "w"),
                Put.text(
                        "key in other case",
                        401,
                        "key-unknown",
                        "x",
                        "X-API-Key",
                        key.toUpperCase(java.util.Locale.ROOT)),
                Put.text("over-long key", 401, "key-unknown", "x", "X-API-Key", "k".repeat(5000)),
                Put.text("key twice", 400, "key-repeated", "x", "X-API-Key", key, "X-API-Key", key),
                Put.text(
                        "key in both places",
                        400,
                        "key-repeated",
                        "x",
                        "X-API-Key",
                        key,
                        "Authorization",
                        "Bearer " + key),
                Put.text("two keys in one header", 401, "key-unknown", "x", "X-API-Key", key + "," + key));
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void badKeyIsRefusedAndSavesNothing(Put put) {
        long before = currentVersion();
        Answer answer = http().put(put.body(), put.headers().toArray(String[]::new));
        ProblemAssert.assertProblem(answer, put.status(), put.problem());
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo(put.status() == 401 ? "Bearer realm=\"saved-string\"" : "");
        assertThat(currentVersion()).isEqualTo(before);
    }

    /** What a guesser could learn from. */
    @Test
    void everyWrongKeyIsRefusedInTheSameWords() {
        List<String> refusals = new ArrayList<>();
        for (String key : new String[] {"x", "sstr_", TestKeys.WRITER + "x", "k".repeat(5000), "ü"}) {
            Answer answer = http().put("x", "Authorization", "Bearer " + key);
            refusals.add(answer.status() + answer.text());
        }
        assertThat(refusals).allMatch(refusals.getFirst()::equals);
    }

    @Test
    void keyIsAskedForBeforeTheBodyIsJudged() {
        assertThat(http().put("x".repeat(4097)).status()).isEqualTo(401);
        assertThat(http().put("x", "Content-Type", "image/png").status()).isEqualTo(401);
    }

    private static String detail(Answer answer) {
        return answer.json().path("detail").textValue();
    }
}
