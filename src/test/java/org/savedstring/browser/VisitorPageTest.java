package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@BrowserTest
class VisitorPageTest {

    private static final String PROSE = "It was the best of times, it was the worst of times. ";

    private final Browser browser;
    private final Instance instance;

    VisitorPageTest(Browser browser, Instance instance) {
        this.browser = browser;
        this.instance = instance;
    }

    @Test
    void anOpenPageShowsEveryNewStringWithoutReloading() {
        instance.bobSaves("first");
        Tab visitor = browser.open(instance.url("/"));
        visitor.evaluate("window.stillTheSame = true");
        instance.bobSaves("second");
        visitor.awaitText("h1", "The saved string is second");
        instance.bobSaves("third");
        visitor.awaitText("h1", "The saved string is third");
        assertThat(visitor.evaluate("return window.stillTheSame")).isEqualTo(true);
    }

    @Test
    void theBodyIsTheHeadingAloneServedAndLive() {
        instance.bobSaves("a < b & c");
        String body = "<h1>The saved string is a &lt; b &amp; c</h1>";
        assertThat(instance.get("/").text()).contains("<body>" + body + "</body>");
        Tab visitor = browser.open(instance.url("/"));
        instance.bobSaves("other");
        visitor.awaitText("h1", "other");
        assertThat(visitor.evaluate("return document.body.innerHTML.trim()"))
                .isEqualTo("<h1>The saved string is other</h1>");
    }

    @Test
    void withoutJavaScriptThePageIsRightAndLooksAgainByItself() {
        instance.bobSaves("plain");
        Tab visitor = browser.open(instance.url("/health/liveness"));
        visitor.switchJavaScriptOff();
        visitor.go(instance.url("/"));
        assertThat(visitor.text("h1")).isEqualTo("The saved string is plain");
        assertThat(visitor.isPresent("noscript meta[http-equiv=refresh]")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 32, 64, 128, 256, 512, 1024, 2048, 4096})
    void aStringOfAnyLengthFitsAWallScreenAndFillsIt(int length) {
        instance.bobSaves(PROSE.repeat(100).substring(0, length - 1) + ".");
        Tab visitor = browser.open(instance.url("/"));
        visitor.resize(Browser.WALL);
        assertThat(visitor.number("document.documentElement.scrollHeight")).isLessThanOrEqualTo(1080);
        assertThat(visitor.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(1920);
        assertThat(visitor.number("document.querySelector('h1').offsetHeight")).isGreaterThan(length > 32 ? 300 : 150);
    }

    @Test
    void noStringIsWiderThanAPhone() {
        Tab visitor = browser.open(instance.url("/"));
        visitor.resize(Browser.PHONE);
        for (String value :
                new String[] {"W".repeat(300), "Donaudampfschifffahrtsgesellschaft", "漢".repeat(200), "م".repeat(100)
                }) {
            instance.bobSaves(value);
            visitor.awaitText("h1", value.substring(0, 1));
            assertThat(visitor.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
        }
    }

    @Test
    void nothingShiftsWhenTheStringChanges() {
        instance.bobSaves("short");
        Tab visitor = browser.open(instance.url("/"));
        visitor.evaluate("""
                window.shifts = 0;
                new PerformanceObserver((list) => { window.shifts += list.getEntries().length; })
                    .observe({ type: 'layout-shift', buffered: true });""");
        for (String value : new String[] {PROSE.repeat(60), "short again", "שלום עולם", PROSE}) {
            instance.bobSaves(value.strip());
            visitor.awaitText("h1", value.strip());
            visitor.awaitPaint();
        }
        assertThat(visitor.number("window.shifts")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "exactly thirty-two characters…..",
                "漢字",
                "👍👍👍",
                "Ünïcödé and more of it, more than sixty-four characters in all, at last"
            })
    void theServiceAndTheScriptAgreeOnTheSize(String value) {
        Tab visitor = browser.open(instance.url("/"));
        instance.bobSaves(value);
        visitor.awaitText("h1", value);
        Object live = visitor.evaluate("return document.documentElement.className");
        assertThat(instance.get("/").text()).contains("<html lang=\"en\" class=\"" + live + "\">");
    }

    @Test
    void aRightToLeftStringReadsFromRightToLeft() {
        instance.bobSaves("שלום עולם");
        Tab visitor = browser.open(instance.url("/"));
        String left = """
                (() => {
                  const range = document.createRange();
                  const text = document.querySelector('h1').firstChild;
                  range.setStart(text, %1$d);
                  range.setEnd(text, %1$d + 1);
                  return Math.round(range.getBoundingClientRect().left);
                })()""";
        assertThat(visitor.number(left.formatted(0))).isLessThan(visitor.number(left.formatted(5)));
        assertThat(visitor.number(left.formatted(20))).isGreaterThan(visitor.number(left.formatted(23)));
    }
}
