package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edit page shows what visitors will see before it is saved. */
@BrowserTest
class PreviewTest {

    private static final String PROSE = "It was the best of times, it was the worst of times. ";

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
    void thePreviewIsWhatVisitorsWillSee() {
        String value = "a <b>&amp; \"1  2\" שלום 👍";
        Tab writer = browser.open(instance.url("/edit"));
        writer.signIn(Instance.ALICES_KEY);
        writer.evaluate(
                "document.getElementById('draft').value = arguments[0]", value.substring(0, value.length() - 2));
        writer.evaluate(
                "document.getElementById('draft').setRangeText('👍', arguments[0], arguments[0], 'end');"
                        + "document.getElementById('draft').dispatchEvent(new Event('input'))",
                value.length() - 2);
        Object preview = writer.evaluate("return document.getElementById('preview').textContent");
        assertThat(preview).isEqualTo("The saved string is " + value);

        writer.click("#editor .primary");
        writer.awaitText("#saved", "Saved");

        Tab visitor = browser.open(instance.url("/"));
        assertThat(visitor.evaluate("return document.querySelector('h1').textContent"))
                .isEqualTo(preview);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 40, 90, 200, 400})
    void thePreviewHasTheProportionsOfAScreenOnTheWall(int length) {
        String value = PROSE.repeat(10).substring(0, length - 1) + ".";
        Tab writer = browser.open(instance.url("/edit"));
        writer.signIn(Instance.ALICES_KEY);
        writer.write("#draft", value);
        writer.awaitText("#preview", value);
        instance.bobSaves(value);
        Tab visitor = browser.open(instance.url("/"));
        visitor.resize(Browser.WALL);

        assertThat(lettersInALine(writer, "#preview")).isCloseTo(lettersInALine(visitor, "h1"), withinPercentage(1));
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
