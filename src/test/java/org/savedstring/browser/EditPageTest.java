package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.savedstring.machine.FrontProxy;

@BrowserTest
class EditPageTest {

    private static final String KEY = Instance.ALICES_KEY;

    private final Browser browser;
    private final Instance instance;

    EditPageTest(Browser browser, Instance instance) {
        this.browser = browser;
        this.instance = instance;
    }

    @Test
    void whatIsSavedIsSeenInASecondWindow() {
        Tab visitor = browser.open(instance.url("/"));
        Tab writer = signIn();
        writer.save("seen at once");
        visitor.awaitText("h1", "The saved string is seen at once");
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
        writer.awaitText("h1", "bob interrupts");
        writer.awaitText("#newer", "newer");
        assertThat(writer.draft()).isEqualTo("half a sentence");
    }

    @Test
    void aWrongKeyIsRefusedInASentence() {
        Tab stranger = browser.open(instance.url("/edit"));
        stranger.awaitVisible("#key");
        for (String key : List.of("sstr_wrong", "кириллица", Instance.ERINS_EXPIRED_KEY)) {
            stranger.write("#key", key);
            assertThat(stranger.text("#sign-in-error")).isEmpty();
            stranger.click("#sign-in button");
            stranger.awaitText("#sign-in-error", "This API key");
            String expected = key.equals(Instance.ERINS_EXPIRED_KEY) ? "has expired." : "is not, or no longer, valid.";
            assertThat(stranger.text("#sign-in-error")).isEqualTo("This API key " + expected);
        }
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
    void aKeyThatOnlyWritesIsEnoughToSave() {
        instance.bobSaves("old");
        Tab writer = browser.open(instance.url("/edit"));
        writer.signIn(Instance.CAROLS_KEY_FOR_WRITING);
        writer.save("new");
        assertThat(instance.savedString()).isEqualTo("new");
        assertThat(writer.isVisible("#history")).isFalse();
        assertThat(writer.text("#trouble")).isEmpty();
    }

    @Test
    void aKeyThatOnlyReadsShowsTheHistoryAndIsToldWhyItSavesNothing() {
        instance.bobSaves("old");
        Tab reader = browser.open(instance.url("/edit"));
        reader.signIn(Instance.DAVES_KEY_FOR_READING);
        reader.awaitText("#versions li .value", "old");
        reader.write("#draft", "new");
        reader.click("#editor .primary");
        reader.awaitText("#save-error", "the scope write");
        assertThat(instance.savedString()).isEqualTo("old");
        assertThat(reader.draft()).isEqualTo("new");
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
    void enterTwiceSavesOnce() {
        Tab writer = signIn();
        long before = instance.currentVersion();
        writer.write("#draft", "entered twice " + before);
        writer.press(Keys.ENTER, Keys.ENTER);
        writer.awaitText("#saved", "Saved");
        writer.press(Keys.ENTER);
        writer.awaitText("#saved", "Saved as version " + (before + 1));
        assertThat(writer.isVisible("#undo")).isTrue();
        assertThat(instance.currentVersion()).isEqualTo(before + 1);
    }

    @Test
    void savingWhatIsThereAlreadySavesNothing() {
        instance.bobSaves("there already");
        long before = instance.currentVersion();
        Tab writer = signIn();
        writer.doubleClick("#editor .primary");
        writer.awaitText("#saved", "is the string already");
        assertThat(instance.currentVersion()).isEqualTo(before);
    }

    @Test
    void whatWasSavedCanBeUndone() {
        instance.bobSaves("as it was");
        Tab writer = signIn();
        writer.save("too hasty");
        writer.click("#undo");
        writer.awaitText("#saved", "Undone");
        assertThat(instance.savedString()).isEqualTo("as it was");
        assertThat(writer.draft()).isEqualTo("as it was");
        assertThat(writer.isVisible("#undo")).isFalse();
    }

    @Test
    void whatIsSaidGoesWhenItIsNoLongerTrue() {
        Tab writer = signIn();
        writer.save("seen by everybody");
        instance.bobSaves("seen instead");
        writer.awaitText("h1", "seen instead");
        writer.await("it is no longer said", () -> writer.text("#saved").isEmpty() && !writer.isVisible("#undo"));

        writer.type("x".repeat(4097));
        writer.click("#editor .primary");
        writer.awaitText("#save-error", "at most 4096");
        writer.write("#draft", "short");
        assertThat(writer.text("#save-error")).isEmpty();
    }

    @Test
    void nothingMovesWhenOthersWrite() {
        instance.bobSaves("short");
        Tab writer = signIn();
        writer.save("mine");
        writer.awaitVisible("#versions li:nth-child(2)");
        String places = """
                return [...document.querySelectorAll('h1, #draft, #editor button.primary, #screen, #history h2, #versions li')]
                    .map((part) => part.getBoundingClientRect().top).join()""";
        Object before = writer.evaluate(places);
        for (String value : new String[] {"s", "very long ".repeat(300) + "."}) {
            instance.bobSaves(value);
            writer.awaitText("h1", value);
            writer.awaitText("#newer", "newer");
            assertThat(writer.evaluate(places)).isEqualTo(before);
        }
    }

    @Test
    void workInProgressIsSaid() throws IOException {
        try (Way way = instance.way()) {
            Tab writer = browser.open(way.url("/edit"));
            writer.signIn(KEY);
            writer.write("#draft", "takes its time");
            way.cut();
            writer.click("#editor .primary");
            writer.awaitText("#progress", "Saving …");
            way.restore();
            writer.awaitText("#saved", "Saved");
            assertThat(writer.isVisible("#progress")).isFalse();
        }
    }

    @Test
    void savingWorksBehindAProxyThatWeakensETags() {
        try (FrontProxy proxy = instance.compressingProxy()) {
            Tab writer = browser.open(instance.url("/health/liveness"));
            writer.await("the proxy is there", () -> {
                writer.go(proxy.url("/edit"));
                return writer.isVisible("#key");
            });
            writer.signIn(KEY);
            assertThat(writer.evaluateAsync("""
                    fetch('/', { headers: { Accept: 'application/json' } })
                        .then(({ headers }) => arguments[0](headers.get('ETag')))""")).asString().startsWith("W/");
            long before = instance.currentVersion();
            writer.save("once");
            writer.save("and once more");
            assertThat(instance.currentVersion()).isEqualTo(before + 2);
        }
    }

    @Test
    void leavingAsksBeforeADraftIsLost() {
        Tab writer = signIn();
        String asks = "return !dispatchEvent(new Event('beforeunload', { cancelable: true }))";
        assertThat(writer.evaluate(asks)).isEqualTo(false);
        writer.write("#draft", "half a sentence");
        assertThat(writer.evaluate(asks)).isEqualTo(true);
        writer.click("#editor .primary");
        writer.awaitText("#saved", "Saved");
        assertThat(writer.evaluate(asks)).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-API-Key: %s", "-H 'X-API-Key: %s'", "Authorization: Bearer %s", " KEY=\"%s\" "})
    void aKeyIsUnderstoodAsItIsCopied(String copied) {
        Tab writer = browser.open(instance.url("/edit"));
        writer.signIn(copied.formatted(KEY));
    }

    @Test
    void theDraftCanBeCopiedAsALineForATerminal() throws IOException, InterruptedException {
        Tab writer = signIn();
        writer.write("#draft", "it's \"$HOME\" `now` \\ & @x = 100% ü");
        writer.click("#copy");
        writer.awaitText("#saved", "Copied");
        String line = writer.clipboard();
        var curl = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true);
        curl.environment().put("KEY", KEY);
        Process process = curl.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("\"version\":");
        assertThat(process.waitFor()).isZero();
        assertThat(instance.savedString()).isEqualTo(writer.draft());
    }

    @Test
    void theLengthIsCountedAsTheServiceCounts() {
        Tab writer = signIn();
        writer.write("#draft", "äöü€");
        assertThat(writer.text("#length")).isEqualTo("4,087 bytes left");
        writer.evaluate("document.getElementById('draft').value = 'x'.repeat(4096)");
        writer.press(Keys.BACK_SPACE);
        assertThat(writer.text("#length")).isEqualTo("1 byte left");
        writer.evaluate("document.getElementById('draft').value = '€'.repeat(1366)");
        writer.press(" ");
        assertThat(writer.text("#length")).isEqualTo("3 bytes too many");

        writer.click("#editor .primary");

        writer.awaitText("#save-error", "The string has 4099 bytes in UTF-8; at most 4096 are accepted.");
    }

    @Test
    void aRefusalIsToldInTheServicesOwnSentence() {
        Tab writer = signIn();
        writer.write("#draft", "");
        writer.press(Keys.DELETE);
        writer.click("#editor .primary");
        writer.awaitText("#save-error", "empty");

        writer.type("a bell \u0007");
        writer.click("#editor .primary");
        writer.awaitText("#save-error", "control character (U+0007)");

        writer.evaluate("document.getElementById('draft').value = 'half a character \\ud83d'");
        writer.press(" ");
        writer.click("#editor .primary");
        writer.awaitText("#save-error", "half a surrogate pair (U+D83D)");
    }

    @Test
    void whoeverChangesTheStringTooOftenIsToldSoAndKeepsTheDraft() {
        try (var patient = Instance.withWritesPerMinute(1)) {
            Tab writer = browser.open(patient.url("/edit"));
            writer.signIn(KEY);
            writer.save("once");
            writer.write("#draft", "twice");
            writer.click("#editor .primary");
            writer.awaitText("#save-error", "times a minute. Nothing was saved.");
            assertThat(writer.draft()).isEqualTo("twice");
            assertThat(patient.savedString()).isEqualTo("once");
        }
    }

    @Test
    void aDraftMayHaveLines() {
        Tab writer = signIn();
        writer.write("#draft", "one");
        long oneLine = writer.number("document.getElementById('preview').offsetHeight");
        writer.press(Keys.chord(Keys.SHIFT, Keys.ENTER), "two", Keys.chord(Keys.SHIFT, Keys.ENTER), "three");
        assertThat(writer.draft()).isEqualTo("one\ntwo\nthree");
        assertThat(writer.number("document.getElementById('preview').offsetHeight"))
                .isGreaterThan(oneLine);
        writer.click("#editor .primary");
        writer.awaitText("#saved", "Saved");
        assertThat(instance.savedString()).isEqualTo("one\ntwo\nthree");
    }

    @Test
    void theKeyboardIsEnough() {
        Tab writer = browser.open(instance.url("/edit"));
        writer.awaitVisible("#key");
        writer.press(Keys.TAB);
        writer.press(Keys.TAB);
        writer.press(KEY, Keys.ENTER);
        writer.awaitVisible("#editor");
        writer.press(Keys.chord(Keys.CONTROL, "a"), "by keyboard alone", Keys.ENTER);
        writer.awaitText("#saved", "Saved");
        assertThat(instance.savedString()).isEqualTo("by keyboard alone");
    }

    @Test
    void withoutJavaScriptThePageShowsTheStringAndSaysHowElseToChangeIt() {
        instance.bobSaves("<b>plain</b>");
        Tab writer = browser.open(instance.url("/health/liveness"));
        writer.switchJavaScriptOff();
        writer.go(instance.url("/edit"));
        assertThat(writer.text("h1")).isEqualTo("The saved string is <b>plain</b>");
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

    private Tab signIn() {
        Tab tab = browser.open(instance.url("/edit"));
        tab.signIn(KEY);
        return tab;
    }
}
