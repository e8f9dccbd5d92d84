package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The edit page shows what visitors will see before it is saved. */
@BrowserTest
class PreviewTest {

    private static final int[] LENGTHS = {1, 10, 40, 90, 200, 400};
    private static final String PROSE = "It was the best of times, it was the worst of times. ";

    private final Browser browser;
    private final Instance instance;

    PreviewTest(Browser browser, Instance instance) {
        this.browser = browser;
        this.instance = instance;
    }

    @Test
    void thePreviewIsWhatVisitorsWillSee() {
        String value = "a <b>&amp; \"1  2\" שלום 👍";
        Tab writer = browser.open(instance.url("/edit"));
        writer.signIn(Instance.ALICES_KEY);
        writer.type(value);
        Object preview = writer.evaluate("return document.getElementById('preview').textContent");
        assertThat(preview).isEqualTo("The saved string is " + value);

        writer.click("#editor .primary");
        writer.awaitText("#saved", "Saved");

        Tab visitor = browser.open(instance.url("/"));
        assertThat(visitor.evaluate("return document.querySelector('h1').textContent"))
                .isEqualTo(preview);
    }

    @Test
    void thePreviewHasTheProportionsOfAWallScreenWhateverIsLongAndWhateverIsShort() {
        Tab writer = browser.open(instance.url("/edit"));
        writer.signIn(Instance.ALICES_KEY);
        Tab visitor = browser.open(instance.url("/"));
        visitor.resize(Browser.WALL);
        for (int length : LENGTHS) {
            instance.bobSaves(prose(length));
            visitor.awaitText("h1", prose(length));
            double onTheWall = lettersInALine(visitor, "h1");
            for (int saved : LENGTHS) {
                instance.bobSaves(prose(saved));
                writer.awaitText("h1", prose(saved));
                writer.type(prose(length));
                assertThat(lettersInALine(writer, "#preview"))
                        .describedAs("%d previewed while %d is saved", length, saved)
                        .isCloseTo(onTheWall, withinPercentage(1));
            }
        }
    }

    private static String prose(int length) {
        return PROSE.repeat(10).substring(0, length - 1) + ".";
    }

    /** How many letters would fit if all were as wide as high. */
    private static double lettersInALine(Tab tab, String selector) {
        Object letters = tab.evaluate("""
                const text = document.querySelector(arguments[0]);
                const { fontSize, paddingLeft, paddingRight } = getComputedStyle(text);
                return (text.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) / parseFloat(fontSize);
                """, selector);
        return ((Number) Objects.requireNonNull(letters)).doubleValue();
    }
}
