package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.TestKeys;

/** {@code PUT /} with a key and a good body. */
class WriteTest extends ServiceTest {

    @Test
    void answersTheNewStateAsJsonWithItsEntityTag() {
        long before = currentVersion();
        Answer answer = http().put("new", KEY);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().path("value").textValue()).isEqualTo("new");
        assertThat(answer.json().path("version").longValue()).isEqualTo(before + 1);
        assertThat(answer.json().path("updatedBy").textValue()).isEqualTo("writer");
        Answer json = http().get("/", "Accept", "application/json");
        assertThat(answer.entityTag()).isEqualTo(json.entityTag());
        assertThat(answer.text()).isEqualTo(json.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/plain; charset=utf-8",
                "text/plain;charset=UTF-8",
                "text/plain; charset=\"utf-8\"",
                "TEXT/PLAIN",
                "application/x-www-form-urlencoded",
                "application/x-www-form-urlencoded; charset=UTF-8"
            })
    void bodyOfATextTypeIsTheStringAsItIs(String type) {
        String value = type + " a=b%20c+d&e ü 🎈 {\"value\": 1}";
        assertThat(http().put(value, withKey("Content-Type", type)).status()).isEqualTo(200);
        assertThat(current()).isEqualTo(value);
    }

    @Test
    void bodyWithoutATypeIsTheStringAsItIs() {
        assertThat(http().put("without type ü", KEY).status()).isEqualTo(200);
        assertThat(current()).isEqualTo("without type ü");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json; charset=utf-8", "Application/JSON"})
    void jsonBodyCarriesTheValue(String type) {
        String body =
                "{\"comment\": [1, {\"value\": 2}], \"value\": \"json \\u00fc \\ud83c\\udf88 \\\"\\/\\\\\", \"n\": null}";
        assertThat(http().put(body, withKey("Content-Type", type)).status()).isEqualTo(200);
        assertThat(current()).isEqualTo("json ü 🎈 \"/\\");
    }

    @Test
    void oneTrailingLineBreakIsDropped() {
        save("ended by LF\n");
        assertThat(current()).isEqualTo("ended by LF");
        save("ended by CR LF\r\n");
        assertThat(current()).isEqualTo("ended by CR LF");
        http().put("{\"value\":\"in JSON\\n\"}", withKey("Content-Type", "application/json"));
        assertThat(current()).isEqualTo("in JSON");
    }

    @Test
    void spacesStayWhereTheyAre() {
        save("  two  spaces  ");
        assertThat(current()).isEqualTo("  two  spaces  ");
    }

    @Test
    void longestStringFitsExactlyInEveryType() {
        String ascii = "x".repeat(4096);
        String wide = "🎈".repeat(1024);
        save(ascii);
        assertThat(current()).isEqualTo(ascii);
        save(wide + "\n");
        assertThat(current()).isEqualTo(wide);
        String escaped = "\\ud83c\\udf88".repeat(1024);
        http().put("{\"value\":\"" + escaped + "\"}", withKey("Content-Type", "application/json"));
        assertThat(current()).isEqualTo(wide);
    }

    @Test
    void keyMayComeAsBearer() {
        Answer answer = http().put("by bearer", "Authorization", "Bearer " + TestKeys.OTHER);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("updatedBy").textValue()).isEqualTo("other");
        assertThat(http().put("by bearer", "authorization", "bEARER " + TestKeys.OTHER)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json", "text/plain"})
    void ifMatchTakesTheCurrentTagOfAnyRepresentation(String type) {
        String tag = http().get("/", "Accept", type).entityTag();
        Answer answer = http().put("matched " + type, withKey("If-Match", tag));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(current()).isEqualTo("matched " + type);
    }

    @Test
    void ifMatchTakesTheTagOfAnAnsweredWrite() {
        String tag = save("one").entityTag();
        assertThat(http().put("two", withKey("If-Match", tag)).status()).isEqualTo(200);
    }

    @Test
    void ifMatchTakesAListInOneHeaderOrSeveral() {
        String tag = save("one").entityTag();
        Answer inOne = http().put("two", withKey("If-Match", "\"foreign\", \"1-1-json\" ," + tag));
        assertThat(inOne.status()).isEqualTo(200);
        Answer inSeveral = http().put("three", withKey("If-Match", "\"foreign\"", "If-Match", inOne.entityTag()));
        assertThat(inSeveral.status()).isEqualTo(200);
    }

    @Test
    void ifMatchStarTakesWhateverIsCurrent() {
        assertThat(http().put("star", withKey("If-Match", "*")).status()).isEqualTo(200);
    }

    @Test
    void staleIfMatchSavesNothingAndNamesTheCurrentTag() {
        String stale = save("one").entityTag();
        String current = save("two").entityTag();
        Answer answer = http().put("three", withKey("If-Match", stale));
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.problem()).isEqualTo("not-current");
        assertThat(answer.json().path("detail").textValue()).contains(current);
        assertThat(current()).isEqualTo("two");
    }

    @Test
    void ifMatchThatAProxyWeakenedStillNamesItsVersion() {
        String tag = save("one").entityTag();
        for (String form : new String[] {"W/%s", "%s-gzip"}) {
            String ifMatch = form.startsWith("W") ? "W/" + tag : tag.replaceAll("\"$", "-gzip\"");
            Answer answer = http().put("two", withKey("If-Match", ifMatch));
            assertThat(answer.status()).as(ifMatch).isEqualTo(200);
            assertThat(http().put("three", withKey("If-Match", ifMatch)).status())
                    .as(ifMatch)
                    .isEqualTo(412);
            tag = answer.entityTag();
        }
    }

    @Test
    void foreignIfMatchSavesNothing() {
        String tag = save("one").entityTag();
        for (String ifMatch : new String[] {"\"foreign\"", "\"\"", tag.replace("json", "xml")}) {
            assertThat(http().put("two", withKey("If-Match", ifMatch)).status())
                    .as(ifMatch)
                    .isEqualTo(412);
        }
        assertThat(current()).isEqualTo("one");
    }

    @Test
    void clientThatWaitsForContinueIsToldToGoOnOnlyWithAKey() throws IOException {
        String head = "PUT / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n";
        try (HttpConnection connection = rawConnection()) {
            Answer go = connection
                    .send(head + "X-API-Key: " + TestKeys.WRITER + "\r\n\r\n")
                    .answer();
            assertThat(go.status()).isEqualTo(100);
            assertThat(connection.send("hello").answer().status()).isEqualTo(200);
        }
        try (HttpConnection connection = rawConnection()) {
            assertThat(connection.send(head + "\r\n").answer().status()).isEqualTo(401);
        }
    }

    @Test
    void chunkedBodyIsTakenWhole() throws IOException {
        try (HttpConnection connection = rawConnection()) {
            String request = "PUT / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nX-API-Key: "
                    + TestKeys.WRITER + "\r\n\r\n2\r\nch\r\n5\r\nunked\r\n0\r\n\r\n";
            assertThat(connection.send(request).answer().status()).isEqualTo(200);
        }
        assertThat(current()).isEqualTo("chunked");
    }

    @Test
    void characterSplitBetweenTwoPacketsStaysWhole() throws Exception {
        byte[] value = "split ü".getBytes(StandardCharsets.UTF_8);
        try (HttpConnection connection = rawConnection()) {
            connection.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: " + value.length + "\r\nX-API-Key: "
                    + TestKeys.WRITER + "\r\n\r\nsplit \u00c3");
            // Something else is answered in between, so the first half has long arrived.
            assertThat(http().get("/").status()).isEqualTo(200);
            assertThat(connection.send("\u00bc").answer().status()).isEqualTo(200);
        }
        assertThat(current()).isEqualTo("split ü");
    }
}
