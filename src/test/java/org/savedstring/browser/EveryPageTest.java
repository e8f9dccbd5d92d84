package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import nu.validator.client.EmbeddedValidator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.ValkeyServer;
import org.xml.sax.SAXException;

/** What holds for all pages: anybody can use them, they are valid, small, and quiet. */
@BrowserTest
class EveryPageTest {

    private static final int EDIT_PAGE_BYTES_MAX = 20 * 1024;

    @TempDir
    static Path directory;

    private static Instance instance;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        instance = Instance.embedded(directory);
        instance.bobSaves("one");
        instance.bobSaves("two");
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        browser.close();
        instance.close();
    }

    @AfterEach
    void closeTabs() {
        browser.closeTabs();
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
        edit.write("#key", Instance.ALICES_KEY);
        edit.click("#sign-in button");
        edit.awaitVisible("#versions li");
        edit.awaitText("#connection", "Live");
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
    void theAccessibilityCheckerFindsNothingInAnOutage(String scheme, @TempDir Path other) throws IOException {
        try (var valkey = ValkeyServer.start();
                var without = Instance.valkey(other, valkey.address())) {
            valkey.kill();
            Tab tab = browser.open(without.url("/"));
            tab.prefer(scheme);
            assertThat(tab.text("main")).contains("503");
            assertAccessible(tab, List.of());
            assertThat(validate(without.get("/").body())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/edit", "/no-such-page"})
    void theHtmlIsValid(String path) throws IOException {
        assertThat(validate(instance.get(path).body())).isEmpty();
    }

    @Test
    void theCheckersDoFindWhatIsWrong() throws IOException {
        Tab edit = open("/edit", "light");
        edit.awaitVisible("#key");
        edit.evaluate("document.querySelector('label[for=key]').remove()");
        assertThat(edit.accessibilityFindings(List.of())).isNotEmpty();
        assertThat(validate(instance.get("/edit").body().replace("</form>", "")))
                .isNotEmpty();
    }

    @Test
    void theEditPageIsSmallerThan20KibibytesInAll() {
        Tab edit = open("/edit", "light");
        edit.awaitText("#connection", "Live");
        long bytes = edit.number("""
                performance.getEntries()
                    .filter(({ name }) => name.endsWith('/edit') || name.includes('/assets/'))
                    .reduce((sum, { decodedBodySize }) => sum + (decodedBodySize ?? 0), 0)""");
        assertThat(bytes).isBetween(10_000L, (long) EDIT_PAGE_BYTES_MAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/edit", "/assets/edit.css", "/assets/edit.js", "/assets/page.css", "/assets/page.js"})
    void noPartOfAPageIsKeptFromAnOlderRelease(String path) {
        assertThat(instance.get(path).headers().firstValue("Cache-Control").orElse("nothing"))
                .matches("no-cache|private, max-age=0");
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

    @ParameterizedTest
    @ValueSource(strings = {"/", "/edit", "/no-such-page"})
    void noPageIsWiderThanAPhone(String path) {
        Tab tab = open(path, "light");
        tab.resize(Browser.PHONE);
        assertThat(tab.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(Browser.PHONE.width);
    }

    private static Tab open(String path, String scheme) {
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
