package org.savedstring.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** One tab of the browser, and what a person does and sees in it. */
final class Tab {

    private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);
    private static final String AXE = resource("/axe.min.js");

    private final ChromeDriver driver;
    private final String handle;

    Tab(ChromeDriver driver, String handle) {
        this.driver = driver;
        this.handle = handle;
    }

    void go(String url) {
        front().get(url);
    }

    void reload() {
        front().navigate().refresh();
    }

    void back() {
        front().navigate().back();
    }

    String title() {
        return String.valueOf(front().getTitle());
    }

    void resize(Dimension size) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", size.width, "height", size.height, "deviceScaleFactor", 1, "mobile", false));
    }

    void prefer(String scheme) {
        emulate("prefers-color-scheme", scheme);
    }

    /** How dates and numbers are written; Debian's Chromium speaks American English alone. */
    void useLocale(String locale) {
        command("Emulation.setLocaleOverride", Map.of("locale", locale));
    }

    void forceColours() {
        emulate("forced-colors", "active");
    }

    void switchJavaScriptOff() {
        command("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    }

    /** Clicks as soon as it takes a click. */
    void click(String selector) {
        await(selector + " takes a click", () -> {
            find(selector).click();
            return true;
        });
    }

    /** Clicks at once, whether or not it takes a click. */
    void clickAtOnce(String selector) {
        new Actions(front()).click(find(selector)).perform();
    }

    /** What has just appeared stays so until the animations go on. */
    void stopAnimations(boolean isStopped) {
        command("Animation.enable", Map.of());
        command("Animation.setPlaybackRate", Map.of("playbackRate", isStopped ? 0 : 1));
    }

    void doubleClick(String selector) {
        new Actions(front()).doubleClick(find(selector)).perform();
    }

    /** Clicks, and keeps the change or the reading of the history that follows until it is released. */
    void holdBack(String selector) {
        evaluate("""
                window.fetchAsked = window.fetch;
                window.fetch = async (path, options) => {
                  if (options.method || path.startsWith('/history')) {
                    await new Promise((resolve) => { window.release = resolve; });
                  }
                  return fetchAsked(path, options);
                };""");
        click(selector);
    }

    void release() {
        evaluate("window.fetch = window.fetchAsked; window.release()");
    }

    /** What was copied last. */
    String clipboard() {
        command("Browser.grantPermissions", Map.of("permissions", List.of("clipboardReadWrite")));
        return String.valueOf(evaluateAsync("navigator.clipboard.readText().then(arguments[0], arguments[0])"));
    }

    /** Looks at this tab rather than at others of its window. */
    void lookAt() {
        command("Page.bringToFront", Map.of());
    }

    /** Replaces the draft, also by characters that the driver can't type. */
    void type(String text) {
        evaluate("""
                const draft = document.getElementById('draft');
                draft.value = arguments[0];
                draft.dispatchEvent(new Event('input'));""", text);
    }

    /** Saves with the edit page. */
    void save(String text) {
        write("#draft", text);
        click("#editor .primary");
        awaitText("#saved", "Saved");
    }

    /** Replaces what stands in a field. */
    void write(String selector, String text) {
        find(selector).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    /** Gives the edit page a key. */
    void signIn(String key) {
        awaitVisible("#key");
        write("#key", key);
        click("#sign-in button");
        awaitVisible("#editor");
        awaitText("#connection", "Live");
    }

    /** Keys for whatever has the focus. */
    void press(CharSequence... keys) {
        front().switchTo().activeElement().sendKeys(keys);
    }

    /** The text as rendered; empty if it isn't visible. */
    String text(String selector) {
        return find(selector).getText();
    }

    boolean isVisible(String selector) {
        List<WebElement> elements = front().findElements(By.cssSelector(selector));
        return !elements.isEmpty() && elements.getFirst().isDisplayed();
    }

    boolean isPresent(String selector) {
        return !front().findElements(By.cssSelector(selector)).isEmpty();
    }

    String draft() {
        return String.valueOf(evaluate("return document.getElementById('draft').value"));
    }

    void awaitText(String selector, String part) {
        Awaitility.await(selector + " shows " + part)
                .atMost(SEEN_WITHIN)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> text(selector), text -> text.contains(part));
    }

    void awaitVisible(String selector) {
        await(selector + " is visible", () -> isVisible(selector));
    }

    void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(SEEN_WITHIN)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(condition);
    }

    @Nullable
    Object evaluate(String script, Object... arguments) {
        return front().executeScript(script, arguments);
    }

    /** What the script hands to its last argument. */
    @Nullable
    Object evaluateAsync(String script) {
        return front().executeAsyncScript(script);
    }

    /** The texts that a screen reader finds. */
    List<String> accessibleText() {
        List<?> nodes = (List<?>) Objects.requireNonNull(
                command("Accessibility.getFullAXTree", Map.of()).get("nodes"));
        return nodes.stream()
                .map(node -> String.valueOf(((Map<?, ?>) node).get("name")))
                .toList();
    }

    long number(String script) {
        return ((Number) Objects.requireNonNull(evaluate("return " + script))).longValue();
    }

    /** Waits until what changed last is on the screen. */
    void awaitPaint() {
        front().executeAsyncScript(
                        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
    }

    /** Saves what is written, again while the service refuses; whoever clicks once too often is told that it is saved. */
    void awaitSaved(String value) {
        await(value + " is saved", () -> {
            String said = text("#saved");
            boolean isSaved = said.contains("Saved") || said.contains("This is the string already");
            if (!isSaved) {
                click("#editor .primary");
            }
            return isSaved;
        });
    }

    /** What the accessibility checker finds, in a line for each; empty if the page is fine. */
    List<?> accessibilityFindings(List<String> rulesOff) {
        if (evaluate("return window.axe?.version") == null) {
            evaluate(AXE);
        }
        Object findings = front().executeAsyncScript("""
                        const [rulesOff, done] = arguments;
                        const rules = Object.fromEntries(rulesOff.map((rule) => [rule, { enabled: false }]));
                        axe.run(document, { rules, resultTypes: ['violations'] }).then((results) => done(results.violations
                            .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))), (error) => done([String(error)]));
                        """, rulesOff);
        return (List<?>) Objects.requireNonNull(findings);
    }

    byte[] screenshot() {
        Map<String, Object> answer = command("Page.captureScreenshot", Map.of("format", "png"));
        return Base64.getDecoder().decode(String.valueOf(answer.get("data")));
    }

    private Map<String, Object> command(String name, Map<String, Object> parameters) {
        return front().executeCdpCommand(name, parameters);
    }

    private void emulate(String feature, String value) {
        command("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    private WebElement find(String selector) {
        return front().findElement(By.cssSelector(selector));
    }

    private ChromeDriver front() {
        driver.switchTo().window(handle);
        return driver;
    }

    private static String resource(String name) {
        try (InputStream script = Objects.requireNonNull(Tab.class.getResourceAsStream(name), name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
