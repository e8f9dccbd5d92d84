package org.savedstring.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, with a profile of its own. */
final class Browser implements AutoCloseable {

    static final Dimension DESKTOP = new Dimension(1280, 900);
    static final Dimension PHONE = new Dimension(390, 844);
    static final Dimension WALL = new Dimension(1920, 1080);

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    /** Warns at each start that it has no typed commands for this Chromium; none are used. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

    private final ChromeDriver driver;
    private final String firstWindow;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        this.firstWindow = driver.getWindowHandle();
    }

    static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    static Browser start() {
        return start(Map.of());
    }

    static Browser start(Map<String, String> environment) {
        SELENIUM.setLevel(Level.SEVERE);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(DRIVER.toString()))
                .usingAnyFreePort()
                .withEnvironment(environment)
                .build();
        return new Browser(new ChromeDriver(service, options()));
    }

    /** A window of its own, which is seen like all others, without any session of another one. */
    Tab open(String url) {
        return open(url, WindowType.WINDOW);
    }

    /** A tab in front of that of the last window. */
    Tab openTab(String url) {
        return open(url, WindowType.TAB);
    }

    private Tab open(String url, WindowType type) {
        driver.switchTo().newWindow(type);
        var tab = new Tab(driver, driver.getWindowHandle());
        tab.resize(DESKTOP);
        tab.useLocale("en-GB");
        tab.go(url);
        return tab;
    }

    /** What the browser complained about since the last call: refused scripts and styles, faults of scripts. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    void closeTabs() {
        for (String handle : driver.getWindowHandles()) {
            if (!handle.equals(firstWindow)) {
                driver.switchTo().window(handle).close();
            }
        }
        driver.switchTo().window(firstWindow);
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static ChromeOptions options() {
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.setPageLoadTimeout(ANSWER_MAX);
        options.setScriptTimeout(ANSWER_MAX);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--disable-sync",
                "--disable-component-update",
                "--disable-background-networking",
                "--no-first-run",
                "--hide-scrollbars");
        return options;
    }
}
