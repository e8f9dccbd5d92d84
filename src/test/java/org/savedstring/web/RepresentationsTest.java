package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;

/** {@code GET /} and {@code HEAD /}. */
class RepresentationsTest extends ServiceTest {

    private static final String VALUE = "<b>5 > 4 & \"quoted\"</b> ünïcödé 🎈";

    @BeforeEach
    void saveValue() {
        save(VALUE);
    }

    @Test
    void pageSaysTheStringAndNothingElse() {
        Answer page = http().get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.text())
                .contains(
                        "<body><h1>The saved string is &lt;b&gt;5 &gt; 4 &amp; \"quoted\"&lt;/b&gt; ünïcödé 🎈</h1></body>");
        var document = Jsoup.parse(page.text());
        assertThat(document.body().wholeText().strip()).isEqualTo("The saved string is " + VALUE);
        assertThat(document.title()).isEqualTo("Saved String");
        assertThat(document.select("meta[charset=utf-8], meta[name=viewport]")).hasSize(2);
        assertThat(document.select("script"))
                .singleElement()
                .satisfies(script -> assertThat(script.attr("src")).isEqualTo("/assets/page.js"));
    }

    @Test
    void jsonSaysWhatWhenAndWho() {
        Answer answer = http().get("/", "Accept", "application/json");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("value", "version", "updatedAt", "updatedBy");
        assertThat(answer.json().path("value").textValue()).isEqualTo(VALUE);
        assertThat(answer.json().path("version").isIntegralNumber()).isTrue();
        assertThat(answer.json().path("updatedAt").textValue())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(answer.json().path("updatedBy").textValue()).isEqualTo("writer");
    }

    @Test
    void textIsTheStringItself() {
        Answer answer = http().get("/", "Accept", "text/plain");
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
        assertThat(answer.text()).isEqualTo(VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            */*                                      | text/html
            text/*                                   | text/html
            application/*                            | application/json
            APPLICATION/JSON                         | application/json
            text/html, application/json;q=0.9        | text/html
            text/html;q=0.1, application/json        | application/json
            text/html;q=0, */*                       | application/json
            text/plain, */*;q=0.1                    | text/plain
            image/png, text/plain;q=0.001            | text/plain
            application/json, text/plain             | application/json
            text/html,application/xhtml+xml,*/*;q=0.8| text/html
            application/xml;q=1, text/*;q=0.5        | text/html
            """)
    void representationFollowsAccept(String accept, String type) {
        Answer answer = http().get("/", "Accept", accept);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"image/png", "text/html;q=0", "*/*;q=0", "application/xml, image/*", "text/html;q=0, text/csv"})
    void nothingThatIsAcceptedIs406(String accept) {
        Answer answer = http().get("/", "Accept", accept);
        assertThat(answer.status()).isEqualTo(406);
    }

    @Test
    void everyRepresentationHasAStrongEntityTagOfItsOwn() {
        Answer page = http().get("/");
        Answer json = http().get("/", "Accept", "application/json");
        Answer text = http().get("/", "Accept", "text/plain");
        assertThat(page.entityTag()).matches("\"[^\"]+\"");
        assertThat(json.entityTag()).matches("\"[^\"]+\"");
        assertThat(text.entityTag()).matches("\"[^\"]+\"");
        assertThat(java.util.Set.of(page.entityTag(), json.entityTag(), text.entityTag()))
                .hasSize(3);
    }

    @Test
    void entityTagChangesWithEveryWriteEvenOfTheSameValue() {
        String before = http().get("/").entityTag();
        save(VALUE);
        assertThat(http().get("/").entityTag()).isNotEqualTo(before);
    }

    @Test
    void cachesMustAskEachTime() {
        for (String type : new String[] {"text/html", "application/json", "text/plain"}) {
            Answer answer = http().get("/", "Accept", type);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(answer.header("Vary")).isEqualTo("Accept");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json", "text/plain"})
    void knownRepresentationIsNotSentAgain(String type) {
        String tag = http().get("/", "Accept", type).entityTag();
        for (String ifNoneMatch : new String[] {tag, "W/" + tag, "\"other\", " + tag, " " + tag + " ,\"x\"", "*"}) {
            Answer answer = http().get("/", "Accept", type, "If-None-Match", ifNoneMatch);
            assertThat(answer.status()).as(ifNoneMatch).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.entityTag()).isEqualTo(tag);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(answer.header("Vary")).isEqualTo("Accept");
        }
    }

    @Test
    void anythingElseIsSentWhole() {
        String jsonTag = http().get("/", "Accept", "application/json").entityTag();
        String opaque = jsonTag.substring(1, jsonTag.length() - 1);
        for (String ifNoneMatch :
                new String[] {jsonTag, "\"0-0-text\"", opaque, "\"" + opaque, "rubbish", "", "\"\"", ",", "W/*"}) {
            Answer answer = http().get("/", "Accept", "text/plain", "If-None-Match", ifNoneMatch);
            assertThat(answer.status()).as(ifNoneMatch).isEqualTo(200);
            assertThat(answer.text()).isEqualTo(VALUE);
        }
    }

    @Test
    void knownRepresentationIsSentAfterAChange() {
        String tag = http().get("/", "Accept", "text/plain").entityTag();
        save("another");
        assertThat(http().get("/", "Accept", "text/plain", "If-None-Match", tag).text())
                .isEqualTo("another");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json", "text/plain"})
    void headSaysWhatGetWouldWithoutTheBody(String type) throws IOException {
        Answer get = http().get("/", "Accept", type);
        try (HttpConnection connection = rawConnection()) {
            for (int round = 0; round < 2; round++) {
                Answer head = connection
                        .send("HEAD / HTTP/1.1\r\nHost: test\r\nAccept: " + type + "\r\n\r\n")
                        .head();
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(get.body().length));
                for (String header : new String[] {"Content-Type", "ETag", "Cache-Control", "Vary"}) {
                    assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
                }
            }
        }
    }

    @Test
    void headIsConditionalToo() {
        String tag = http().get("/").entityTag();
        Answer answer = http().send("HEAD", "/", "If-None-Match", tag);
        assertThat(answer.status()).isEqualTo(304);
    }
}
