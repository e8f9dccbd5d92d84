package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.web.router.Router;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.TestKeys;

/** The running service and its description say the same; over Valkey, which can be taken away. */
class OpenApiTest extends ServiceTest {

    /** On a process that is told to end, in DurabilityTest; by a client too eager, in EventsTest and RatesTest. */
    private static final String REMOVAL = "DELETE /history/{version}";

    private static final String RESTORE = "POST /history/{version}/restore";

    private static final Set<String> SHOWN_ELSEWHERE = Set.of(
            "GET /health/readiness 503",
            "GET /events 429",
            "PUT / 429",
            "GET /history 429",
            REMOVAL + " 429",
            RESTORE + " 429");

    private static final String STALE = "\"1-1-json\"";

    @Inject
    Router router;

    private final Set<String> seen = new TreeSet<>(SHOWN_ELSEWHERE);

    @Override
    protected Map<String, String> settings() {
        return overValkey();
    }

    @Test
    void everyDocumentedResponseIsGivenAsDocumented() {
        OpenApi api = new OpenApi(http().get("/openapi.yml").text());
        String version = save("hello world").json().path("version").asText();
        String tag = http().get("/").entityTag();

        check(api, "GET /", () -> http().get("/"));
        check(api, "GET /", () -> http().get("/", "Accept", "application/json"));
        check(api, "GET /", () -> http().get("/", "Accept", "text/plain"));
        check(api, "GET /", () -> http().get("/", "If-None-Match", tag));
        check(api, "GET /", () -> http().get("/", "Accept", "image/png"));
        check(api, "PUT /", () -> http().put("text", KEY));
        check(api, "PUT /", () -> http().put("{\"value\":\"json\"}", withKey("Content-Type", "application/json")));
        check(api, "PUT /", () -> http().put("", KEY));
        check(api, "PUT /", () -> http().put("x"));
        check(api, "PUT /", () -> http().put("x", withKey("If-Match", STALE)));
        check(api, "PUT /", () -> http().put("x".repeat(5_000), KEY));
        check(api, "PUT /", () -> http().put("x", withKey("Content-Type", "image/png")));
        check(api, "GET /history", () -> http().get("/history", KEY));
        check(api, "GET /history", () -> http().get("/history?limit=0", KEY));
        check(api, "GET /history", () -> http().get("/history"));
        String path = "/history/" + version + "/restore";
        check(api, RESTORE, () -> http().post(path, KEY));
        check(api, RESTORE, () -> http().post("/history/x/restore", KEY));
        check(api, RESTORE, () -> http().post(path));
        check(api, RESTORE, () -> http().post("/history/999999/restore", KEY));
        check(api, RESTORE, () -> http().post(path, withKey("If-Match", STALE)));
        checkRemoval(api, version);
        check(api, "GET /events", this::beginningOfEvents);
        check(api, "GET /edit", () -> http().get("/edit"));
        check(api, "GET /openapi.yml", () -> http().get("/openapi.yml"));
        check(api, "GET /health/liveness", () -> http().get("/health/liveness"));
        check(api, "GET /health/readiness", () -> http().get("/health/readiness"));
        checkTooLongAddresses(api);
        checkScopes(api, version);
        checkWithoutStore(api, path);

        assertThat(seen).isEqualTo(api.responses());
    }

    private void checkRemoval(OpenApi api, String version) {
        String current = save("written after it").json().path("version").asText();
        check(api, REMOVAL, () -> http().send("DELETE", "/history/" + version, KEY));
        check(api, REMOVAL, () -> http().send("DELETE", "/history/" + current, KEY));
        check(api, REMOVAL, () -> http().send("DELETE", "/history/x", KEY));
        check(api, REMOVAL, () -> http().send("DELETE", "/history/999999", KEY));
        check(api, REMOVAL, () -> http().send("DELETE", "/history/" + version));
    }

    private void checkScopes(OpenApi api, String version) {
        check(api, "PUT /", () -> http().put("x", "X-API-Key", TestKeys.READER));
        check(api, "GET /history", () -> http().get("/history", "X-API-Key", TestKeys.WRITER_ONLY));
        check(api, RESTORE, () -> http().post("/history/" + version + "/restore", "X-API-Key", TestKeys.READER));
        check(api, REMOVAL, () -> http().send("DELETE", "/history/" + version, "X-API-Key", TestKeys.READER));
    }

    private void checkTooLongAddresses(OpenApi api) {
        String query = "?" + "x".repeat(9_000);
        for (String operation : api.operations()) {
            String[] methodAndPath = operation.replace("{version}", "1").split(" ", 2);
            check(api, operation, () -> http().send(methodAndPath[0], methodAndPath[1] + query, KEY));
        }
    }

    private void checkWithoutStore(OpenApi api, String path) {
        valkey().pause();
        try {
            check(api, "PUT /", () -> http().put("lost?", KEY));
            check(api, "GET /", () -> http().get("/"));
            check(api, "GET /history", () -> http().get("/history", KEY));
            check(api, RESTORE, () -> http().post(path, KEY));
            check(api, REMOVAL, () -> http().send("DELETE", "/history/1", KEY));
            check(api, "GET /events", () -> http().get("/events"));
            assertThat(http().get("/health/readiness").status()).isEqualTo(200);
            assertThat(http().get("/health/liveness").status()).isEqualTo(200);
        } finally {
            valkey().resume();
        }
        Awaitility.await().until(() -> http().get("/").status() == 200);
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        OpenApi api = new OpenApi(http().get("/openapi.yml").text());
        Set<String> routes = router.uriRoutes()
                .filter(route -> !route.getHttpMethodName().equals("HEAD"))
                // What pages are made of is theirs.
                .filter(route -> !route.getUriMatchTemplate().toPathString().startsWith("/assets/"))
                .map(route -> route.getHttpMethodName() + " "
                        + route.getUriMatchTemplate().toPathString())
                .collect(Collectors.toCollection(TreeSet::new));
        routes.add("GET /events"); // which no route of the framework has
        assertThat(routes).isEqualTo(api.operations());
    }

    @Test
    void everyProblemTypeInTheSourcesIsDescribed() throws java.io.IOException {
        OpenApi api = new OpenApi(http().get("/openapi.yml").text());
        api.assertExamplesFit();
        Pattern type = Pattern.compile(
                "(?:badRequest|malformedJson|Problem\\.of|tooMany|unavailable|unauthorized)\\(\\s*\"([a-z0-9-]*[a-z0-9])\"");
        Set<String> used = new TreeSet<>();
        try (var sources = Files.walk(Path.of("src/main/java/org/savedstring"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Matcher matcher = type.matcher(Files.readString(source));
                while (matcher.find()) {
                    used.add("urn:saved-string:problem:" + matcher.group(1));
                }
            }
        }
        assertThat(api.problemTypes()).isSorted().containsExactlyElementsOf(used);
    }

    private void check(OpenApi api, String operation, Supplier<Answer> request) {
        Answer answer = request.get();
        api.assertDocumented(operation, answer);
        seen.add(operation + " " + answer.status());
    }

    private Answer beginningOfEvents() {
        try (EventReader events = http().events()) {
            byte[] data = events.next().data().getBytes(StandardCharsets.UTF_8);
            return new Answer(events.head().status(), events.head().headers(), data);
        }
    }
}
