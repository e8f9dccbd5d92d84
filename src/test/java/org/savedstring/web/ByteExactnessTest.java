package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.property.Property;

/** What is sent is what is shown, by every representation and event, or it is refused with a reason that fits. */
class ByteExactnessTest extends ServiceTest {

    private static final int TEXTS = 300;
    private static final int JSON_TEXTS = 200;
    private static final int BODIES = 300;
    private static final int CHARACTERS_MAX = 40;
    private static final int BYTES_MAX = 6;

    /** Around what UTF-8, UTF-16 and the service treat alike. */
    private static final int[] BORDERS = {
        0, 0x1F, ' ', '~', 0x7F, 0x80, 0x9F, 0xA0, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF
    };

    private static final int[] DELICATE =
            "<>&\"'`={}/\\!--\u00ad\u200b\u200d\u200e\u202e\u2028\u2029\u0300\ufe0f\ufffd\ufeff\u00a0 "
                    .codePoints()
                    .toArray();
    private static final int[] NONCHARACTERS = {0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFE, 0x10FFFF, 0x7F, 0x9F, 0xA, 0xD, 0x0};
    private static final int[] LIKELY_BYTES = {0xC3, 0xBC, 0xE2, 0x82, 0xAC, 'a', 0x00, 0x7F, 0x80, 0xFF};

    private EventReader events;

    @BeforeAll
    void follow() {
        events = http().events();
    }

    @AfterAll
    void stopFollowing() {
        events.close();
    }

    @Test
    void stringSentAsTextIsShownAsItIs() {
        Property.check(TEXTS, ByteExactnessTest::characters, ByteExactnessTest::simpler, characters -> {
            String value = text(characters);
            verify(http().put(value, KEY), value);
        });
    }

    @Test
    void stringSentAsJsonIsShownAsItIsWhetherItIsEscapedOrNot() {
        Property.check(JSON_TEXTS, ByteExactnessTest::characters, ByteExactnessTest::simpler, characters -> {
            String value = text(characters);
            String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(value));
            for (String literal : List.of(quoted, escape(value))) {
                String body = "{\"value\":\"" + literal + "\"}";
                verify(http().put(body, withKey("Content-Type", "application/json")), value);
            }
        });
    }

    @Test
    void bytesAreTakenExactlyIfTheyAreUtf8() {
        Property.check(BODIES, ByteExactnessTest::octets, octet -> List.of((int) 'a'), octets -> {
            byte[] body = new byte[octets.size()];
            IntStream.range(0, body.length).forEach(i -> body[i] = octets.get(i).byteValue());
            String decoded = new String(body, StandardCharsets.UTF_8);
            Answer answer = http().put(body, KEY);
            if (Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), body)) {
                verify(answer, decoded);
            } else {
                ProblemAssert.assertProblem(answer, 400, "malformed-utf-8");
            }
        });
    }

    private static List<Integer> characters(RandomGenerator random) {
        return listOf(random, CHARACTERS_MAX, ByteExactnessTest::character);
    }

    private static int character(RandomGenerator random) {
        return switch (random.nextInt(36)) {
            case 0 -> oneOf(random, NONCHARACTERS);
            case 1, 2, 3, 4, 5 -> random.nextInt(' ', '~' + 1);
            case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 -> oneOf(random, DELICATE);
            case 16, 17 -> oneOf(random, BORDERS);
            default -> anyCharacter(random);
        };
    }

    private static int anyCharacter(RandomGenerator random) {
        int bits = random.nextInt(7, 22);
        int codePoint = random.nextInt(Math.min(1 << bits, Character.MAX_CODE_POINT + 1));
        return Character.getType(codePoint) == Character.SURROGATE ? 'x' : codePoint;
    }

    private static List<Integer> simpler(int codePoint) {
        return codePoint == 'a' ? List.of() : List.of((int) 'a');
    }

    private static List<Integer> octets(RandomGenerator random) {
        return listOf(
                random, BYTES_MAX, any -> any.nextBoolean() ? oneOf(any, LIKELY_BYTES) : any.nextInt(1 << Byte.SIZE));
    }

    /** Half of them short, for there the borders are. */
    private static List<Integer> listOf(RandomGenerator random, int sizeMax, ToIntFunction<RandomGenerator> element) {
        int size = random.nextInt(1 + (random.nextBoolean() ? sizeMax : Math.min(3, sizeMax)));
        return IntStream.range(0, size)
                .map(i -> element.applyAsInt(random))
                .boxed()
                .toList();
    }

    private static int oneOf(RandomGenerator random, int... choice) {
        return choice[random.nextInt(choice.length)];
    }

    private static String text(List<Integer> codePoints) {
        return codePoints.stream().map(Character::toString).collect(Collectors.joining());
    }

    private void verify(Answer answer, String sent) {
        String value = sent.replaceFirst("\r?\n\\z", "");
        if (value.isEmpty()) {
            ProblemAssert.assertProblem(answer, 400, "value-empty");
        } else if (value.codePoints().anyMatch(c -> Character.isISOControl(c) && "\t\r\n".indexOf(c) < 0)
                || value.startsWith("\ufeff")) {
            ProblemAssert.assertProblem(answer, 400, "value-not-showable");
        } else {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertShown(value, answer.version());
        }
    }

    /** U+FFFF is Jsoup's own mark of the end, where nothing but a reference to a character is before it. */
    private static String forJsoup(String text) {
        return text.replace('\uffff', '\ufffe');
    }

    private void assertShown(String value, long version) {
        assertThat(http().get("/", "Accept", "text/plain").body()).isEqualTo(value.getBytes(StandardCharsets.UTF_8));
        assertThat(http().get("/", "Accept", "application/json")
                        .json()
                        .path("value")
                        .textValue())
                .isEqualTo(value);
        var body = Jsoup.parse(forJsoup(http().get("/").text())).body();
        assertThat(body.children()).hasSize(1);
        var heading = body.child(0);
        assertThat(heading.tagName()).isEqualTo("h1");
        assertThat(heading.children()).isEmpty();
        assertThat(heading.wholeText()).isEqualTo("The saved string is " + forJsoup(value));
        EventReader.Event event = events.next();
        while (event.version() < version) {
            event = events.next();
        }
        assertThat(event.value()).isEqualTo(value);
    }

    private static String escape(String value) {
        return value.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }
}
