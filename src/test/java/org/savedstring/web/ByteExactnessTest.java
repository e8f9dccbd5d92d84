package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.Http;
import org.savedstring.machine.TestFiles;

/** What is sent is what is shown, by every representation and event, or it is refused with a reason that fits. */
class ByteExactnessTest {

    private static @Nullable Running running;

    /** The service, and one reader of its events for all examples. */
    private record Running(TestFiles files, EmbeddedServer server, Http http, EventReader events) {}

    @BeforeContainer
    static void start() {
        TestFiles files = new TestFiles();
        EmbeddedServer server = ApplicationContext.run(EmbeddedServer.class, Map.copyOf(files.settings()));
        Http http = new Http(server.getPort());
        EventReader events = http.events();
        events.next();
        running = new Running(files, server, http, events);
    }

    @AfterContainer
    static void stop() {
        Running last = running();
        last.events().close();
        last.http().close();
        last.server().close();
        last.files().close();
    }

    @Property(tries = 300)
    void stringSentAsTextIsShownAsItIs(@ForAll("strings") String value) {
        Answer answer = running().http().put(value, ServiceTest.KEY);
        verify(answer, value, value.getBytes(StandardCharsets.UTF_8).length);
    }

    @Property(tries = 200)
    void stringSentAsJsonIsShownAsItIs(@ForAll("strings") String value, @ForAll boolean escaped) {
        String literal = escaped
                ? escape(value)
                : new String(JsonStringEncoder.getInstance().quoteAsString(value));
        Answer answer = running()
                .http()
                .put("{\"value\":\"" + literal + "\"}", ServiceTest.withKey("Content-Type", "application/json"));
        verify(answer, value, value.getBytes(StandardCharsets.UTF_8).length);
    }

    @Property(tries = 300)
    void bytesAreTakenExactlyIfTheyAreUtf8(@ForAll("bytes") byte[] body) {
        String decoded = new String(body, StandardCharsets.UTF_8);
        boolean valid = java.util.Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), body);
        Answer answer = running().http().put(body, ServiceTest.KEY);
        if (valid) {
            verify(answer, decoded, body.length);
        } else {
            ProblemAssert.assertProblem(answer, 400, "malformed-utf-8");
        }
    }

    @Provide
    Arbitrary<String> strings() {
        Arbitrary<Integer> anything = Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(codePoint -> Character.getType(codePoint) != Character.SURROGATE);
        Arbitrary<Integer> delicate = Arbitraries.of(
                "<>&\"'`={}/\\!--\u00ad\u200b\u200d\u200e\u202e\u2028\u2029\u0300\ufe0f\ufffd\ufeff\u00a0 "
                        .codePoints()
                        .boxed()
                        .toList());
        Arbitrary<Integer> noncharacters =
                Arbitraries.of(0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFE, 0x10FFFF, 0x7F, 0x9F, 0xA, 0xD, 0x0);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(20, anything),
                        net.jqwik.api.Tuple.of(10, delicate),
                        net.jqwik.api.Tuple.of(1, noncharacters),
                        net.jqwik.api.Tuple.of(5, Arbitraries.integers().between(' ', '~')))
                .list()
                .ofMaxSize(40)
                .map(codePoints -> codePoints.stream().map(Character::toString).collect(Collectors.joining()));
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<Byte> likely =
                Arbitraries.of((byte) 0xC3, (byte) 0xBC, (byte) 0xE2, (byte) 0x82, (byte) 0xAC, (byte) 'a');
        return Arbitraries.oneOf(likely, Arbitraries.bytes())
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    private static void verify(Answer answer, String sent, int bytes) {
        String value = sent.replaceFirst("\r?\n\\z", "");
        if (value.isEmpty()) {
            ProblemAssert.assertProblem(answer, 400, "value-empty");
        } else if (value.codePoints().anyMatch(Character::isISOControl) || value.startsWith("\ufeff")) {
            ProblemAssert.assertProblem(answer, 400, "value-not-showable");
        } else {
            assertThat(answer.status()).as("%d bytes: %s", bytes, answer).isEqualTo(200);
            assertShown(value);
        }
    }

    private static void assertShown(String value) {
        Http http = running().http();
        assertThat(http.get("/", "Accept", "text/plain").body()).isEqualTo(value.getBytes(StandardCharsets.UTF_8));
        assertThat(http.get("/", "Accept", "application/json")
                        .json()
                        .path("value")
                        .textValue())
                .isEqualTo(value);
        var body = Jsoup.parse(http.get("/").text()).body();
        assertThat(body.children()).hasSize(1);
        var heading = body.child(0);
        assertThat(heading.tagName()).isEqualTo("h1");
        assertThat(heading.children()).isEmpty();
        assertThat(heading.wholeText()).isEqualTo("The saved string is " + value);
        assertThat(running().events().next().value()).isEqualTo(value);
    }

    private static String escape(String value) {
        return value.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }

    private static Running running() {
        return java.util.Objects.requireNonNull(running);
    }
}
