package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Promise 7: an open page is current, or says that it isn't. */
@BrowserTest
class LiveTest {

    private static final Pattern TIME = Pattern.compile("not confirmed since .*\\d:\\d\\d:\\d\\d");
    private static final List<String> LANDMARKS = List.of("region", "landmark-one-main");
    private static final String NOW =
            "return getComputedStyle(document.querySelector('#versions .current'), '::after').content";
    private static final String SAID = "return getComputedStyle(document.body, '::after').content";

    private final Browser browser;
    private final Instance instance;

    LiveTest(Browser browser, Instance instance) {
        this.browser = browser;
        this.instance = instance;
    }

    @Test
    void aPageWhoseConnectionDiedWithoutAWordSaysSoAndTakesItBack() throws IOException {
        instance.bobSaves("before");
        try (Way way = instance.way()) {
            Tab visitor = browser.open(way.url("/"));
            Tab writer = browser.open(way.url("/edit"));
            writer.signIn(Instance.ALICES_KEY);
            writer.awaitVisible("#versions .current");
            String ink = colour(visitor);

            way.cut();
            instance.bobSaves("after");
            visitor.await("it is said to the eye", () -> said(visitor).contains("not confirmed since"));
            assertThat(said(visitor)).containsPattern(TIME);
            assertThat(colour(visitor)).isNotEqualTo(ink);
            assertThat(visitor.title()).isEqualTo("May be out of date · Saved String");
            assertThat(visitor.accessibleText())
                    .anyMatch(text -> TIME.matcher(text).find());
            assertThat(visitor.evaluate("return document.body.innerHTML.trim()"))
                    .isEqualTo("<h1>The saved string is before</h1>");
            assertThat(visitor.accessibilityFindings(LANDMARKS)).isEmpty();
            writer.awaitText("#connection", "not confirmed since");
            assertThat(writer.evaluate(NOW)).isEqualTo("\"\"");

            way.restore();
            visitor.awaitText("h1", "The saved string is after");
            assertThat(said(visitor)).isEqualTo("none");
            assertThat(colour(visitor)).isEqualTo(ink);
            assertThat(visitor.title()).isEqualTo("Saved String");
            writer.awaitText("#connection", "Live");
            writer.click("#newer");
            writer.await("the version is marked again", () -> "\"Now\"".equals(writer.evaluate(NOW)));
        }
    }

    @Test
    void aQuietPageStaysCurrent() {
        Tab visitor = browser.open(instance.url("/"));
        // Longer than a page believes what it was told, so it must have been told again.
        Object toldAgain = visitor.evaluateAsync("""
                let marks = 0;
                new MutationObserver(() => marks++).observe(document.body, { attributeFilter: ['data-stale-since'] });
                setTimeout(() => arguments[0](marks), 7000);""");
        assertThat(toldAgain).isEqualTo(0L);
    }

    @Test
    void aPageThatTheBrowserKeptIsCurrentWhenOneGoesBack() {
        instance.bobSaves("kept");
        Tab visitor = browser.open(instance.url("/"));
        visitor.go(instance.url("/edit"));
        instance.bobSaves("meanwhile");
        visitor.back();
        visitor.awaitText("h1", "The saved string is meanwhile");
    }

    @Test
    void aHiddenTabGivesItsStreamBackAndIsCurrentAtOnceWhenItIsLookedAt() {
        List<Tab> tabs = new ArrayList<>();
        tabs.add(browser.open(instance.url("/")));
        for (int i = 1; i < 10; i++) {
            tabs.add(browser.openTab(instance.url("/")));
        }
        tabs.getFirst().await("one stream is open", () -> instance.openStreams() == 1);
        for (int i = 0; i < 10; i++) {
            instance.bobSaves("look " + i);
            tabs.get(i).lookAt();
            tabs.get(i).awaitText("h1", "The saved string is look " + i);
        }
        tabs.getFirst().await("one stream is open", () -> instance.openStreams() == 1);
    }

    private static String said(Tab tab) {
        return String.valueOf(tab.evaluate(SAID));
    }

    private static String colour(Tab tab) {
        return String.valueOf(tab.evaluate("return getComputedStyle(document.querySelector('h1')).color"));
    }
}
