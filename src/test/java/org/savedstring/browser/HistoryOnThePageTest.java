package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Old versions can be read and taken back, and nothing is published that one did not mean. */
@BrowserTest
class HistoryOnThePageTest {

    private final Browser browser;
    private final Instance instance;

    HistoryOnThePageTest(Browser browser, Instance instance) {
        this.browser = browser;
        this.instance = instance;
    }

    @Test
    void restoringPutsTheVersionIntoTheDraftAndSavingPublishesIt() {
        String old = "Good old times. ".repeat(40) + "The end.";
        instance.bobSaves(old);
        instance.bobSaves("brave new world");
        Tab writer = signIn();
        long before = instance.currentVersion();
        assertThat(writer.text("#versions li:nth-child(2) .quiet")).matches("Version \\d+, by bob, .*\\d:\\d\\d.*");

        String place = "document.querySelector('#versions li:nth-child(2)').getBoundingClientRect().top + scrollY";
        long top = writer.number(place);
        writer.doubleClick("#versions li:nth-child(2) button");

        assertThat(writer.number(place)).describedAs("moved under the pointer").isEqualTo(top);
        assertThat(writer.draft()).isEqualTo(old);
        assertThat(writer.text("#preview")).isEqualTo("The saved string is " + old);
        assertThat(writer.text("#saved")).contains("Version " + (before - 1) + " is in the draft");
        assertThat(instance.currentVersion()).isEqualTo(before);

        writer.click("#editor .primary");
        writer.awaitText("#saved", "Saved as version " + (before + 1));
        assertThat(instance.savedString()).isEqualTo(old);
        writer.awaitText("#versions li:nth-child(1) .quiet", "by alice");

        writer.click("#undo");
        writer.awaitText("#saved", "Undone");
        assertThat(instance.savedString()).isEqualTo("brave new world");
    }

    @Test
    void whatIsRestoredIsSavedByteForByte() {
        String old = "\ta tab,\r\na line break of two characters,\na plain one, \u00e9 and e\u0301\n";
        instance.bobSaves(old + "\n");
        instance.bobSaves("new");
        Tab writer = signIn();
        writer.click("#versions li:nth-child(2) button");
        writer.click("#editor .primary");
        writer.awaitText("#saved", "Saved");
        assertThat(instance.savedString()).isEqualTo(old);
    }

    @Test
    void aTextThatWasTakenOutCanNotBeRestored() {
        instance.bobSaves("a secret");
        instance.bobSaves("new");
        instance.bobTakesOut(instance.currentVersion() - 1);
        Tab writer = signIn();
        assertThat(writer.text("#versions li:nth-child(2) .value")).isEqualTo("(gone)");
        assertThat(writer.isVisible("#versions li:nth-child(2) button")).isFalse();
    }

    @Test
    void restoringDropsNoDraft() {
        instance.bobSaves("old");
        instance.bobSaves("new");
        Tab writer = signIn();
        writer.write("#draft", "worth keeping");
        writer.click("#versions li:nth-child(2) button");
        assertThat(writer.draft()).isEqualTo("old");
        writer.click("#undo");
        assertThat(writer.draft()).isEqualTo("worth keeping");
    }

    @Test
    void onesOwnRestoreIsNeverTheirs() {
        instance.bobSaves("old");
        instance.bobSaves("new");
        Tab writer = signIn();
        writer.click("#versions li:nth-child(2) button");
        writer.click("#editor .primary");
        writer.awaitText("#saved", "Saved");
        writer.save("newer");
        assertThat(writer.isVisible("#conflict")).isFalse();
        assertThat(instance.savedString()).isEqualTo("newer");
    }

    @Test
    void anOldVersionCanBeReadWholeFirst() {
        instance.bobSaves("A long story. ".repeat(100) + "The end.");
        instance.bobSaves("short");
        Tab writer = signIn();
        String height = "document.querySelector('#versions li:nth-child(2) .value').offsetHeight";
        long clamped = writer.number(height);
        writer.click("#versions li:nth-child(2) summary");
        assertThat(writer.number(height)).isGreaterThan(clamped * 2);
        assertThat(writer.draft()).isEqualTo("short");
    }

    @Test
    void whatOthersSaveIsOfferedAndNotInserted() {
        instance.bobSaves("first");
        Tab writer = signIn();
        instance.bobSaves("second");
        instance.bobSaves("third");
        writer.awaitText("#newer", "Show 2 newer");
        assertThat(writer.text("#versions li .value")).isEqualTo("first");
        writer.click("#newer");
        writer.awaitText("#versions li .value", "third");
        assertThat(writer.text("#versions li:nth-child(3) .value")).isEqualTo("first");
        assertThat(writer.isVisible("#newer")).isFalse();
    }

    @Test
    void aHundredVersionsAreShownAndOlderOnesOffered() {
        for (int i = 0; i < 101; i++) {
            instance.bobSaves("version " + i);
        }
        Tab writer = signIn();
        assertThat(writer.number("document.querySelectorAll('#versions li').length"))
                .isEqualTo(100);
        assertThat(writer.text("#versions li:last-child .value")).isEqualTo("version 1");

        writer.evaluate("document.getElementById('older').click(); document.getElementById('older').click()");
        writer.awaitText("#versions li:nth-child(101) .value", "version 0");
        writer.await("both clicks are answered", () -> !writer.isVisible("#older"));
        assertThat(writer.number("document.querySelectorAll('#versions li').length"))
                .isGreaterThan(100);
        assertThat(writer.number(
                        "new Set([...document.querySelectorAll('#versions li')].map(({ version }) => version)).size"))
                .isEqualTo(writer.number("document.querySelectorAll('#versions li').length"));
    }

    @Test
    void theHistoryThatIsOnItsWayWhenTheKeyIsForgottenIsNotShown() {
        instance.bobSaves("first");
        Tab writer = signIn();
        instance.bobSaves("second");
        writer.awaitVisible("#newer");
        writer.holdBack("#newer");
        writer.click("#forget");
        writer.release();
        writer.evaluateAsync("fetch('/').then(() => setTimeout(arguments[0]))");
        assertThat(writer.isVisible("#history")).isFalse();
        writer.signIn(Instance.ALICES_KEY);
        writer.awaitText("#versions li .value", "second");
    }

    private Tab signIn() {
        Tab tab = browser.open(instance.url("/edit"));
        tab.signIn(Instance.ALICES_KEY);
        tab.awaitVisible("#versions li");
        return tab;
    }
}
