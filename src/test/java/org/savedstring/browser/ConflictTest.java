package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Two people change the string at once. */
@BrowserTest
class ConflictTest {

    private final Browser browser;
    private final Instance instance;

    ConflictTest(Browser browser, Instance instance) {
        this.browser = browser;
        this.instance = instance;
    }

    @Test
    void theDifferenceIsShownInWordsAndNothingIsSaved() {
        Tab writer = conflict("Doors open at ten in the hall", "Doors open at nine");
        assertThat(writer.text("#difference del")).isEqualTo("nine");
        assertThat(writer.text("#difference ins")).isEqualTo("ten in the hall");
        assertThat(writer.text("#difference")).startsWith("Doors open at");
        assertThat(writer.text("#theirs-origin")).contains("by bob");
        assertThat(writer.text("#conflict")).contains("Nothing was saved").doesNotContain("ETag");
        assertThat(instance.savedString()).isEqualTo("Doors open at nine");
    }

    @Test
    void theDifferenceOfTheLongestStringsIsShown() {
        Tab writer = conflict("a ".repeat(2047) + "!", "b ".repeat(2047) + "?");
        assertThat(writer.text("#difference del")).startsWith("b b").endsWith("?");
        assertThat(writer.text("#difference ins")).startsWith("a a").endsWith("!");
    }

    @Test
    void theSameFromBothIsNoConflict() {
        instance.bobSaves("neither");
        Tab writer = signIn();
        writer.write("#draft", "the same");
        instance.bobSaves("the same");
        long version = instance.currentVersion();
        writer.click("#editor .primary");
        writer.awaitText("#saved", "is the string already, as version " + version);
        assertThat(instance.currentVersion()).isEqualTo(version);
    }

    @Test
    void theirsCanBeTaken() {
        Tab writer = conflict("mine", "theirs");
        writer.click("#take-theirs");
        assertThat(writer.isVisible("#conflict")).isFalse();
        assertThat(writer.draft()).isEqualTo("theirs");
        assertThat(instance.savedString()).isEqualTo("theirs");
        writer.click("#undo");
        assertThat(writer.draft()).isEqualTo("mine");
    }

    @Test
    void mineCanOverwriteTheirs() {
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
        writer.awaitText("#difference", "theirs again");
        assertThat(instance.savedString()).isEqualTo("theirs again");
    }

    @Test
    void mineCanBeEditedOn() {
        Tab writer = conflict("mine", "theirs");
        writer.press(Keys.ESCAPE);
        assertThat(writer.isVisible("#conflict")).isFalse();
        writer.press(Keys.END, " and theirs", Keys.ENTER);
        writer.awaitText("#saved", "Saved");
        assertThat(instance.savedString()).isEqualTo("mine and theirs");
    }

    /** The dialog opens where the button was; on a phone, under the pointer. */
    @Test
    void aDoubleClickOnSaveOverwritesNobody() {
        instance.bobSaves("neither");
        Tab writer = signIn();
        writer.resize(Browser.PHONE);
        writer.stopAnimations(true);
        writer.type("mine");
        instance.bobSaves("theirs");
        writer.awaitText("h1", "theirs");
        writer.click("#editor .primary");
        writer.awaitVisible("#conflict");
        for (String button : List.of("#take-theirs", "#overwrite", "#edit-on")) {
            writer.clickAtOnce(button);
            assertThat(writer.isVisible("#conflict")).isTrue();
        }
        writer.stopAnimations(false);
        writer.click("#overwrite");
        writer.awaitText("#saved", "Saved");
        assertThat(instance.savedString()).isEqualTo("mine");
    }

    @Test
    void undoingOverwritesNobody() {
        instance.bobSaves("neither");
        Tab writer = signIn();
        writer.save("mine");
        writer.holdBack("#undo");
        instance.bobSaves("theirs");
        writer.release();
        writer.awaitText("#save-error", "Not undone");
        assertThat(instance.savedString()).isEqualTo("theirs");
    }

    private Tab signIn() {
        Tab tab = browser.open(instance.url("/edit"));
        tab.signIn(Instance.ALICES_KEY);
        return tab;
    }

    private Tab conflict(String mine, String theirs) {
        instance.bobSaves("neither");
        Tab writer = signIn();
        writer.type(mine);
        instance.bobSaves(theirs);
        writer.awaitText("h1", theirs);
        writer.click("#editor .primary");
        writer.awaitVisible("#conflict");
        return writer;
    }
}
