package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.savedstring.web.ProblemAssert.assertProblem;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.TestKeys;

/** How often a key may write, and wrong keys may be shown. An allowance comes back in half a minute, whenever that is. */
class RatesTest extends ServiceTest {

    /** Far more than any allowance. */
    private static final int TRIES = 100;

    private static final String WRONG = "sstr_" + "x".repeat(43);

    @Inject
    MeterRegistry registry;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.keys.writes-per-minute",
                "2",
                "saved-string.keys.wrong-per-minute",
                "2",
                "saved-string.http.trusted-proxies",
                "1");
    }

    @BeforeAll
    void aKeyForEachTest() {
        StringBuilder keys = new StringBuilder();
        for (String name : new String[] {"put", "other", "match", "invalid", "restore", "remove", "reader"}) {
            keys.append(TestKeys.line(name, keyOf(name)));
        }
        files().replaceKeys(keys.toString());
        org.awaitility.Awaitility.await()
                .until(() ->
                        http().get("/history", "X-API-Key", keyOf("reader")).status() == 200);
    }

    @Test
    void aKeyThatWritesTooOftenIsToldWhenToComeBackAndSavesNothing() {
        Answer refused = untilRefused(i -> http().put("flood", "X-API-Key", keyOf("put")));

        assertProblem(refused, 429, "too-many-writes");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 30);
        assertThat(refused.json().path("detail").asText()).contains("2 times a minute", "Nothing was saved.");
        assertThat(http().get("/").status()).isEqualTo(200);
        assertThat(http().put("by another", "X-API-Key", keyOf("other")).status())
                .isEqualTo(200);
        assertThat(current()).isEqualTo("by another");
        assertThat(registry.get("saved.string.sign.ins")
                        .tag("outcome", "too-many-writes")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void whatTheStoreRefusesCountsAndWhatIsRefusedBeforeDoesNot() {
        assertProblem(
                untilRefused(i -> http().put("x", "X-API-Key", keyOf("match"), "If-Match", "\"1-1-json\"")),
                429,
                "too-many-writes");
        for (int i = 0; i < TRIES; i++) {
            assertThat(http().put("", "X-API-Key", keyOf("invalid")).status()).isEqualTo(400);
        }
        assertThat(http().put("valid", "X-API-Key", keyOf("invalid")).status()).isEqualTo(200);
    }

    @Test
    void restoringCountsAndSoDoesTakingATextOut() {
        assertProblem(
                untilRefused(i -> http().post("/history/1/restore", "X-API-Key", keyOf("restore"))),
                429,
                "too-many-writes");
        assertProblem(
                untilRefused(i -> http().send("DELETE", "/history/" + i, "X-API-Key", keyOf("remove"))),
                429,
                "too-many-writes");
    }

    @Test
    void readingTheHistoryDoesNotCount() {
        for (int i = 0; i < TRIES; i++) {
            assertThat(http().get("/history", "X-API-Key", keyOf("reader")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void wrongKeysOfOneAddressAreToldToComeBackAndARightOneIsLetIn() {
        Answer refused = untilRefused(i -> wrongKeyFrom("192.0.2.1"));

        assertProblem(refused, 429, "too-many-wrong-keys");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 30);
        assertThat(http().get("/history", "X-API-Key", keyOf("reader"), "X-Forwarded-For", "192.0.2.1")
                        .status())
                .isEqualTo(200);
        assertProblem(wrongKeyFrom("192.0.2.2"), 401, "key-unknown");
        assertProblem(http().get("/history", "X-Forwarded-For", "192.0.2.1"), 401, "key-missing");
    }

    @Test
    void theAddressIsTheOneThatTheTrustedProxySaw() {
        assertProblem(untilRefused(i -> wrongKeyFrom("198.51.100." + i + ", 192.0.2.3")), 429, "too-many-wrong-keys");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8:0:1::%x", "2001:0DB8:0000:0001:ffff::%x"})
    void aNetworkOfIpv6IsOneAddress(String addresses) {
        assertProblem(untilRefused(i -> wrongKeyFrom(addresses.formatted(i))), 429, "too-many-wrong-keys");
    }

    @Test
    void anotherNetworkIsAnother() {
        for (int i = 1; i < TRIES; i++) {
            assertProblem(wrongKeyFrom("2001:db8:1:%x::1".formatted(i)), 401, "key-unknown");
        }
    }

    private Answer wrongKeyFrom(String forwardedFor) {
        return http().get("/history", "X-API-Key", WRONG, "X-Forwarded-For", forwardedFor);
    }

    private static Answer untilRefused(IntFunction<Answer> request) {
        Answer last = request.apply(1);
        for (int i = 2; i < TRIES && last.status() != 429; i++) {
            last = request.apply(i);
        }
        return last;
    }

    private static String keyOf(String name) {
        return "sstr_of_" + name;
    }
}
