package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import nu.validator.client.EmbeddedValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Dimension;
import org.savedstring.machine.ValkeyServer;
import org.xml.sax.SAXException;

/** What holds for all pages: anybody can use them, they are valid, small, and quiet. */
@BrowserTest
class EveryPageTest {

    private static final long PAGE_BYTES_MAX = 24 * 1024;

    private final Browser browser;
    private final Instance instance;

    EveryPageTest(Browser browser, Instance instance) {
        this.browser = browser;
        this.instance = instance;
        instance.bobSaves("one");
        instance.bobSaves("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void theAccessibilityCheckerFindsNothing(String scheme) throws IOException {
        // The visitor's body is the heading and nothing else, so it can't have the landmarks that these two advise.
        List<String> landmarks = List.of("region", "landmark-one-main");
        assertAccessible(open("/", scheme), landmarks);
        assertAccessible(open("/no-such-page", scheme), List.of());
        Tab edit = open("/edit", scheme);
        edit.awaitVisible("#key");
        assertAccessible(edit, List.of());
        edit.write("#key", "sstr_wrong");
        edit.click("#sign-in button");
        edit.awaitText("#sign-in-error", "valid");
        assertAccessible(edit, List.of());
        edit.signIn(Instance.ALICES_KEY);
        edit.awaitVisible("#versions li");
        assertAccessible(edit, List.of());
        edit.resize(Browser.PHONE);
        assertAccessible(edit, List.of());
        edit.write("#draft", "mine");
        instance.bobSaves("theirs in " + scheme);
        edit.awaitText("h1", "theirs");
        edit.click("#editor .primary");
        edit.awaitVisible("#conflict");
        assertAccessible(edit, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void theAccessibilityCheckerFindsNothingInAnOutage(String scheme) throws IOException {
        try (var valkey = ValkeyServer.start();
                var without = Instance.valkey(valkey.address())) {
            valkey.kill();
            Tab tab = browser.open(without.url("/"));
            tab.prefer(scheme);
            assertThat(tab.text("main")).contains("503");
            assertAccessible(tab, List.of());
            assertThat(validate(without.get("/").text())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/edit", "/no-such-page"})
    void theHtmlIsValid(String path) throws IOException {
        assertThat(validate(instance.get(path).text())).isEmpty();
    }

    @Test
    void theCheckersDoFindWhatIsWrong() throws IOException {
        Tab edit = open("/edit", "light");
        edit.awaitVisible("#key");
        edit.evaluate("document.querySelector('label[for=key]').remove()");
        assertThat(edit.accessibilityFindings(List.of())).isNotEmpty();
        assertThat(validate(instance.get("/edit").text().replace("</form>", "")))
                .isNotEmpty();
    }

    @Test
    void theEditPageWithAllItsPartsIsSmallerThan24Kibibytes() {
        List<String> parts =
                List.of("page.css", "edit.css", "edit.js", "api.js", "difference.js", "page.js", "icon.svg");
        long bytes = instance.get("/edit").body().length
                + parts.stream()
                        .mapToLong(part -> instance.get("/assets/" + part).body().length)
                        .sum();
        assertThat(bytes).isLessThan(PAGE_BYTES_MAX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/edit",
                "/assets/edit.css",
                "/assets/edit.js",
                "/assets/api.js",
                "/assets/page.css",
                "/assets/page.js"
            })
    void noPartOfAPageIsKeptFromAnOlderRelease(String path) {
        assertThat(instance.get(path).header("Cache-Control")).matches("no-cache|private, max-age=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/edit"})
    void theBrowserHasNothingToComplainAbout(String path) {
        browser.complaints();
        Tab tab = open(path, "light");
        instance.bobSaves("seen at " + path);
        tab.awaitText("h1", "seen at " + path);
        assertThat(browser.complaints()).isEmpty();
    }

    /** 320 pixels are a small phone, and a laptop at 400 % (WCAG 2.2, 1.4.10). */
    @ParameterizedTest
    @CsvSource({"320, 640", "320, 256", "3840, 2160"})
    void noPageIsWiderThanItsScreen(int width, int height) {
        instance.bobSaves("Donaudampfschifffahrtsgesellschaft".repeat(3));
        Dimension screen = new Dimension(width, height);
        assertFits(open("/", "light"), screen);
        assertFits(open("/no-such-page", "light"), screen);
        assertFits(open("/edit", "light"), screen);
        Tab edit = open("/edit", "light");
        edit.signIn(Instance.ALICES_KEY);
        edit.awaitVisible("#versions li");
        edit.type("Ungekürzt".repeat(40));
        edit.click("#copy");
        assertFits(edit, screen);
        instance.bobSaves("their string");
        edit.awaitText("h1", "their string");
        edit.click("#editor .primary");
        edit.awaitVisible("#conflict");
        assertFits(edit, screen);
        assertThat(edit.number("document.querySelector('dialog').scrollWidth")).isLessThanOrEqualTo(width);
    }

    @Test
    void theStatusIsSeenInForcedColours() {
        Tab edit = open("/edit", "light");
        edit.forceColours();
        edit.awaitText("#connection", "Live");
        assertThat(edit.evaluate("""
                const { borderTopColor, borderTopWidth } = getComputedStyle(document.getElementById('connection'), '::before');
                return borderTopWidth !== '0px' && borderTopColor !== getComputedStyle(document.body).backgroundColor""")).isEqualTo(true);
    }

    private static void assertFits(Tab tab, Dimension screen) {
        tab.resize(screen);
        assertThat(tab.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(screen.width);
    }

    private Tab open(String path, String scheme) {
        Tab tab = browser.open(instance.url(path));
        tab.prefer(scheme);
        return tab;
    }

    private static void assertAccessible(Tab tab, List<String> rulesOff) {
        assertThat(tab.accessibilityFindings(rulesOff)).isEmpty();
    }

    /** What the W3C's checker says; empty if the page is valid. */
    private static String validate(String html) throws IOException {
        var validator = new EmbeddedValidator();
        validator.setOutputFormat(EmbeddedValidator.OutputFormat.GNU);
        try {
            return validator.validate(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
        } catch (SAXException e) {
            throw new IOException(e);
        }
    }
}
