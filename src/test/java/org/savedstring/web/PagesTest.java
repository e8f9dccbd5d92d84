package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.savedstring.web.ProblemAssert.assertProblem;

import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;

/** What surrounds the string: errors, health, assets and the headers that every answer has. */
class PagesTest extends ServiceTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/nothing", "/index.html", "/assets/nothing.js", "/assets/", "/health", "/health/x", "/EVENTS"})
    void unknownPathIsNotFound(String path) {
        assertProblem(http().get(path), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/../application.properties",
                "/assets/%2e%2e/application.properties",
                "/assets/..%2fapplication.properties",
                "/application.properties",
                "/valkey/write.lua"
            })
    void nothingButAssetsIsServedFromTheClassPath(String path) {
        assertThat(http().get(path).status()).isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /                  | DELETE  | GET, HEAD, PUT
            /                  | POST    | GET, HEAD, PUT
            /                  | PATCH   | GET, HEAD, PUT
            /assets/page.js    | DELETE  | GET, HEAD
            /events            | POST    | GET, HEAD, OPTIONS
            /health/readiness  | PUT     | GET, HEAD
            /health/liveness   | DELETE  | GET, HEAD
            /openapi.yml       | PUT     | GET, HEAD
            """)
    void unknownMethodIsToldTheKnownOnes(String path, String method, String allowed) {
        Answer answer = http().send(method, path);
        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.json().path("detail").textValue()).contains(method);
        assertThat(answer.header("Allow").split("\\s*,\\s*")).containsExactlyInAnyOrder(allowed.split(", "));
    }

    @Test
    void historyTakesItsOwnMethodsOnly() {
        Answer history = http().send("PUT", "/history", KEY);
        assertProblem(history, 405, "method-not-allowed");
        assertThat(history.header("Allow").split(",")).containsExactlyInAnyOrder("GET", "HEAD");
        Answer restore = http().get("/history/1/restore", KEY);
        assertProblem(restore, 405, "method-not-allowed");
        assertThat(restore.header("Allow")).isEqualTo("POST");
    }

    @Test
    void browserGetsAnErrorAsASmallPage() {
        String[] browser = {"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"};
        for (Answer answer :
                new Answer[] {http().get("/nothing", browser), http().put("x", browser), http().get("/history", browser)
                }) {
            assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            var document = Jsoup.parse(answer.text());
            assertThat(document.select("h1")).hasSize(1);
            assertThat(document.select("p").text()).isNotBlank();
            assertThat(document.select("script")).isEmpty();
            assertThat(answer.body()).hasSizeLessThan(1000);
        }
    }

    @Test
    void errorPageDoesNotRepeatMarkupOfTheRequest() {
        String[] attack = withKey("Accept", "text/html", "Content-Type", "text/<script>alert(1)</script>");
        assertThat(http().put("x", attack).text()).doesNotContain("<script>");
        assertThat(http().get("/%3Cscript%3Ealert(1)%3C/script%3E", "Accept", "text/html")
                        .text())
                .doesNotContain("<script>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/liveness", "/health/readiness"})
    void healthIsUp(String path) {
        Answer answer = http().get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.text()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(http().send("HEAD", path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"page.js,text/javascript", "page.css,text/css", "icon.svg,image/svg+xml"})
    void pageFindsItsAssets(String name, String type) {
        Answer answer = http().get("/assets/" + name);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith(type);
        assertThat(answer.body()).isNotEmpty();

        Answer head = http().send("HEAD", "/assets/" + name);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo(answer.header("Content-Type"));
        assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(answer.body().length));
        assertThat(head.headers().firstValue("Connection")).isEmpty();
    }

    @Test
    void pageUsesNothingButItsOwnAssets() {
        var page = Jsoup.parse(http().get("/").text());
        Stream<String> used = Stream.concat(
                page.select("[src]").eachAttr("src").stream(), page.select("[href]").eachAttr("href").stream());
        assertThat(used.toList())
                .hasSize(3)
                .allSatisfy(path -> assertThat(http().get(path).status()).isEqualTo(200));
        assertThat(page.select("[style], [onclick], style")).isEmpty();
    }

    static Stream<String> everyKindOfAnswer() {
        return Stream.of("/", "/events", "/nothing", "/history", "/health/liveness", "/assets/page.js", "/openapi.yml");
    }

    @ParameterizedTest
    @MethodSource("everyKindOfAnswer")
    void everyAnswerHasTheSecurityHeaders(String path) {
        Answer answer = path.equals("/events") ? eventsHead() : http().get(path);
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'", "connect-src 'self'")
                .doesNotContain("unsafe", "*", "http:");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.headers().map()).doesNotContainKeys("server", "x-powered-by");
    }

    private Answer eventsHead() {
        try (EventReader events = http().events()) {
            return events.head();
        }
    }
}
