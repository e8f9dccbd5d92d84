package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

@BrowserTest
class EditPageTest {

    private static final String KEY = Instance.ALICES_KEY;

    @TempDir
    static Path directory;

    private static Instance instance;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        instance = Instance.embedded(directory);
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

    @Test
    void whatIsSavedIsSeenInASecondOpenTabWithinASecond() {
        Tab visitor = browser.open(instance.url("/"));
        visitor.evaluate("""
                new MutationObserver(() => { window.seenAt ??= Date.now(); })
                    .observe(document.querySelector('h1'), { childList: true, characterData: true, subtree: true });""");
        Tab writer = signIn();
        writer.evaluate(
                "document.getElementById('editor').addEventListener('submit', () => { window.savedAt = Date.now(); })");

        writer.write("#draft", "seen at once");
        writer.click("#editor .primary");

        writer.awaitText("#saved", "Everybody sees it now");
        visitor.awaitText("h1", "The saved string is seen at once");
        assertThat(visitor.number("window.seenAt") - writer.number("window.savedAt"))
                .isBetween(0L, 1_000L);
        assertThat(instance.savedString()).isEqualTo("seen at once");
    }

    @Test
    void theStringOnThePageFollowsWhatOthersSave() {
        Tab writer = signIn();
        instance.bobSaves("bob was here");
        writer.awaitText("h1", "The saved string is bob was here");
        writer.awaitText("#origin", "by bob");
        writer.await("the draft follows", () -> writer.draft().equals("bob was here"));
    }

    @Test
    void aDraftSurvivesWhatOthersSave() {
        Tab writer = signIn();
        writer.write("#draft", "half a sentence");
        instance.bobSaves("bob interrupts");
        writer.awaitText("#versions li", "bob interrupts");
        assertThat(writer.draft()).isEqualTo("half a sentence");
    }

    @Test
    void aConflictShowsBothStringsAndSavesNothing() {
        Tab writer = conflict("mine", "theirs");
        assertThat(writer.text("#theirs")).isEqualTo("theirs");
        assertThat(writer.text("#theirs-origin")).contains("by bob");
        assertThat(writer.text("#mine")).isEqualTo("mine");
        assertThat(writer.text("#conflict")).contains("Nothing was saved").doesNotContain("ETag");
        assertThat(instance.savedString()).isEqualTo("theirs");
    }

    @Test
    void afterAConflictTheirsCanBeTaken() {
        Tab writer = conflict("mine", "theirs");
        writer.click("#take-theirs");
        assertThat(writer.isVisible("#conflict")).isFalse();
        assertThat(writer.draft()).isEqualTo("theirs");
        assertThat(instance.savedString()).isEqualTo("theirs");
    }

    @Test
    void afterAConflictMineCanOverwriteTheirs() {
        Tab writer = conflict("mine", "theirs");
        writer.click("#overwrite");
        writer.awaitText("#saved", "Saved");
        assertThat(writer.isVisible("#conflict")).isFalse();
        assertThat(instance.savedString()).isEqualTo("mine");
    }

    @Test
    void overwritingAsksAgainIfTheStringChangedAgain() {
        Tab writer = conflict("mine", "theirs");
        instance.bobSaves("theirs again");
        writer.click("#overwrite");
        writer.awaitText("#theirs", "theirs again");
        assertThat(instance.savedString()).isEqualTo("theirs again");
    }

    @Test
    void afterAConflictMineCanBeEditedOn() {
        Tab writer = conflict("mine", "theirs");
        writer.press(Keys.ESCAPE);
        assertThat(writer.isVisible("#conflict")).isFalse();
        writer.press(Keys.END, " and theirs", Keys.ENTER);
        writer.awaitText("#saved", "Saved");
        assertThat(instance.savedString()).isEqualTo("mine and theirs");
    }

    @Test
    void aWrongKeyIsRefusedInASentence() {
        Tab stranger = browser.open(instance.url("/edit"));
        stranger.awaitVisible("#key");
        stranger.write("#key", "sstr_wrong");
        stranger.click("#sign-in button");
        stranger.awaitText("#sign-in-error", "This API key is not, or no longer, valid.");
        assertThat(stranger.isVisible("#editor")).isFalse();
        assertThat(stranger.isVisible("#history")).isFalse();
    }

    @Test
    void aKeyThatIsNoLongerValidIsForgottenButNotTheDraft() {
        Tab writer = signIn();
        writer.write("#draft", "worth keeping");
        writer.evaluate(
                "window.fetchAsked = window.fetch;"
                        + "window.fetch = (path, options) => fetchAsked(path, { ...options, headers: { ...options.headers, 'X-API-Key': 'sstr_revoked' } })");
        writer.click("#editor .primary");
        writer.awaitText("#sign-in-error", "no longer, valid");
        assertThat(writer.evaluate("return sessionStorage.length")).isEqualTo(0L);

        writer.evaluate("window.fetch = window.fetchAsked");
        writer.write("#key", KEY);
        writer.click("#sign-in button");
        writer.awaitVisible("#editor");
        assertThat(writer.draft()).isEqualTo("worth keeping");
    }

    @Test
    void theKeyStaysInTheTab() {
        Tab writer = signIn();
        assertThat(writer.evaluate("return [document.cookie, localStorage.length, location.href].join()"))
                .isEqualTo(",0," + instance.url("/edit"));
        writer.reload();
        writer.awaitVisible("#editor");

        Tab other = browser.open(instance.url("/edit"));
        other.awaitVisible("#key");

        writer.click("#forget");
        writer.awaitVisible("#key");
        writer.reload();
        writer.awaitVisible("#key");
    }

    @Test
    void oneClickRestoresAnEarlierVersionAndTheHistorySaysWhoAndWhen() {
        instance.bobSaves("good old times");
        instance.bobSaves("brave new world");
        Tab writer = signIn();
        writer.awaitText("#versions li:nth-child(2) .value", "good old times");
        assertThat(writer.text("#versions li:nth-child(2) .quiet")).matches("Version \\d+, by bob, .*\\d:\\d\\d.*");

        writer.click("#versions li:nth-child(2) button");

        writer.awaitText("h1", "good old times");
        writer.awaitText("#versions li:nth-child(1) .quiet", "by alice");
        assertThat(instance.savedString()).isEqualTo("good old times");
    }

    @Test
    void theLengthIsCountedAsTheServiceCounts() {
        Tab writer = signIn();
        writer.write("#draft", "äöü€");
        assertThat(writer.text("#length")).isEqualTo("4,087 bytes left");
        writer.evaluate("document.getElementById('draft').value = '€'.repeat(1366)");
        writer.press(" ");
        assertThat(writer.text("#length")).isEqualTo("3 bytes too many");

        writer.click("#editor .primary");

        writer.awaitText("#save-error", "The string has 4099 bytes in UTF-8; at most 4096 are taken.");
    }

    @Test
    void aRefusalIsToldInTheServicesOwnSentence() {
        Tab writer = signIn();
        writer.write("#draft", "");
        writer.press(Keys.DELETE);
        writer.click("#editor .primary");
        writer.awaitText("#save-error", "empty");

        writer.evaluate("document.getElementById('draft').value = 'two\\nlines'");
        writer.click("#editor .primary");
        writer.awaitText("#save-error", "control character (U+000A)");
    }

    @Test
    void theKeyboardIsEnough() {
        Tab writer = browser.open(instance.url("/edit"));
        writer.awaitVisible("#key");
        writer.press(Keys.TAB);
        writer.press(Keys.TAB);
        writer.press(KEY, Keys.ENTER);
        writer.awaitVisible("#versions");
        writer.press(Keys.chord(Keys.CONTROL, "a"), "by keyboard alone", Keys.ENTER);
        writer.awaitText("#saved", "Saved");
        assertThat(instance.savedString()).isEqualTo("by keyboard alone");
    }

    @Test
    void withoutJavaScriptThePageSaysHowElse() {
        Tab writer = browser.open(instance.url("/health/liveness"));
        writer.switchJavaScriptOff();
        writer.go(instance.url("/edit"));
        assertThat(writer.text("main")).contains("needs JavaScript").contains("curl -X PUT");
        assertThat(writer.isVisible("#key")).isFalse();
        writer.resize(Browser.PHONE);
        assertThat(writer.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(Browser.PHONE.width);
    }

    @Test
    void anOpenPageOutlivesARestartOfTheInstance() {
        Tab writer = signIn();
        Tab visitor = browser.open(instance.url("/"));
        writer.write("#draft", "after the restart");

        instance.stop();
        writer.awaitText("#connection", "Connection lost");
        writer.click("#editor .primary");
        writer.awaitText("#save-error", "did not answer");
        instance.startAgain();
        writer.awaitText("#connection", "Live");
        writer.click("#editor .primary");

        writer.awaitText("#saved", "Saved");
        visitor.awaitText("h1", "after the restart");
    }

    private static Tab signIn() {
        Tab tab = browser.open(instance.url("/edit"));
        tab.signIn(KEY);
        return tab;
    }

    private static Tab conflict(String mine, String theirs) {
        instance.bobSaves("neither");
        Tab writer = signIn();
        writer.write("#draft", mine);
        instance.bobSaves(theirs);
        writer.awaitText("h1", theirs);
        writer.click("#editor .primary");
        writer.awaitVisible("#conflict");
        return writer;
    }
}
