package org.savedstring.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.openqa.selenium.Dimension;

/** Takes the pictures of the pages that the documents show. */
final class ScreenshotsMain {

    private static final String PROSE =
            "The kitchen on the third floor is closed until Thursday. Coffee and water are on the second floor, next to the "
                    + "lift; lunch is served in the courtyard from half past eleven, and in the hall if it rains. Please bring back the mugs.";

    private static final String MINE = "The workshop moves to the garden at two o’clock";
    private static final String ARABIC = "اجتماع اليوم في القاعة الكبيرة عند الساعة الثالثة";
    private static final Dimension SCREEN = new Dimension(1280, 720);
    private static final Dimension SCREEN_4K = new Dimension(3840, 2160);
    private static final Dimension SMALL_PHONE = new Dimension(320, 640);
    /** A laptop's screen at 400 %. */
    private static final Dimension SCREEN_AT_400_PERCENT = new Dimension(320, 256);

    private final Path directory;
    private final Browser browser;
    private final Instance instance;

    private ScreenshotsMain(Path directory, Browser browser, Instance instance) {
        this.directory = directory;
        this.browser = browser;
        this.instance = instance;
    }

    public static void main(String[] arguments) throws IOException {
        Path pictures = Files.createDirectories(Path.of(arguments[0]));
        Path temporary = Files.createTempDirectory("saved-string-screenshots-");
        try (var instance = Instance.embedded();
                var browser = Browser.start(Map.of("FONTCONFIG_FILE", fonts(temporary)))) {
            var screenshots = new ScreenshotsMain(pictures, browser, instance);
            screenshots.visitor();
            screenshots.outOfDate();
            screenshots.edit();
            screenshots.error();
        }
    }

    private void visitor() throws IOException {
        instance.bobSaves("Welcome to the workshop");
        picture("/", "visitor-short", SCREEN, "light");
        picture("/", "visitor-dark", SCREEN, "dark");
        picture("/", "visitor-phone", Browser.PHONE, "light");
        picture("/", "visitor-400-percent", SCREEN_AT_400_PERCENT, "light");
        instance.bobSaves(ARABIC);
        picture("/", "visitor-right-to-left", SCREEN, "light");
        instance.bobSaves(PROSE);
        picture("/", "visitor-long", SCREEN, "light");
        picture("/", "visitor-4k", SCREEN_4K, "dark");
    }

    private void outOfDate() throws IOException {
        instance.bobSaves("Welcome to the workshop");
        try (Way way = instance.way()) {
            Tab tab = browser.open(way.url("/"));
            tab.awaitText("h1", "Welcome");
            way.cut();
            tab.await("it may be out of date", () -> tab.isPresent("body[data-stale-since]"));
            save(tab, "visitor-out-of-date", SCREEN);
        }
    }

    private void edit() throws IOException {
        instance.bobSaves("Doors open at nine");
        instance.bobSaves("Welcome to the workshop");
        picture("/edit", "edit-key", SCREEN, "light");
        edit("light", "edit-desktop", Browser.DESKTOP);
        edit("dark", "edit-dark", Browser.DESKTOP);
        edit("light", "edit-phone", Browser.PHONE);
        edit("light", "edit-small-phone", SMALL_PHONE);
        edit("light", "edit-400-percent", SCREEN_AT_400_PERCENT);
        edit("light", "edit-4k", SCREEN_4K);
        forcedColours();
        offline();
        history();
        conflict("light", "conflict", SCREEN);
        conflict("dark", "conflict-phone-dark", Browser.PHONE);
        refusal();
        restored();
        rightToLeft();
    }

    private void edit(String scheme, String name, Dimension size) throws IOException {
        Tab tab = signIn(scheme);
        tab.write("#draft", MINE);
        save(tab, name, size);
    }

    private void forcedColours() throws IOException {
        Tab tab = signIn("dark");
        tab.forceColours();
        tab.write("#draft", MINE);
        tab.click("#editor .primary");
        tab.awaitText("#saved", "Saved");
        save(tab, "edit-forced-colours", Browser.DESKTOP);
        instance.bobSaves("Welcome to the workshop");
    }

    private void offline() throws IOException {
        try (Way way = instance.way()) {
            Tab tab = browser.open(way.url("/edit"));
            tab.signIn(Instance.ALICES_KEY);
            tab.awaitVisible("#versions li");
            tab.write("#draft", MINE);
            way.cut();
            tab.click("#editor .primary");
            tab.awaitText("#save-error", "did not answer");
            tab.awaitText("#connection", "out of date");
            save(tab, "edit-offline", Browser.DESKTOP);
        }
    }

    /** With what others saved meanwhile offered, and a long version opened. */
    private void history() throws IOException {
        instance.bobSaves((PROSE + " ").repeat(4).strip());
        Tab tab = signIn("light");
        tab.click("#versions summary");
        instance.bobSaves("Doors open at ten");
        instance.bobSaves("Welcome to the workshop");
        tab.awaitText("#newer", "2 newer");
        tab.resize(Browser.DESKTOP);
        tab.evaluate("document.getElementById('history').scrollIntoView()");
        save(tab, "edit-history", Browser.DESKTOP);
    }

    private void rightToLeft() throws IOException {
        instance.bobSaves(ARABIC);
        Tab tab = signIn("light");
        tab.type(ARABIC + "، من فضلكم");
        save(tab, "edit-right-to-left", Browser.DESKTOP);
    }

    private void conflict(String scheme, String name, Dimension size) throws IOException {
        instance.bobSaves("Doors open at nine");
        Tab tab = signIn(scheme);
        tab.write("#draft", MINE);
        instance.bobSaves("The workshop starts again at two o’clock, in the hall");
        tab.awaitText("h1", "in the hall");
        tab.click("#editor .primary");
        tab.awaitVisible("#conflict");
        save(tab, name, size);
    }

    private void refusal() throws IOException {
        Tab tab = signIn("light");
        tab.evaluate("document.getElementById('draft').value = arguments[0]", PROSE.repeat(18));
        tab.press(" ");
        tab.click("#editor .primary");
        tab.awaitText("#save-error", "at most");
        save(tab, "edit-refused", SCREEN);
    }

    private void restored() throws IOException {
        Tab tab = signIn("light");
        tab.click("#versions li:nth-child(2) button");
        save(tab, "edit-restored", Browser.DESKTOP);
    }

    private void error() throws IOException {
        picture("/no-such-page", "error", SCREEN, "light");
        picture("/no-such-page", "error-phone-dark", Browser.PHONE, "dark");
    }

    private Tab signIn(String scheme) {
        Tab tab = browser.open(instance.url("/edit"));
        tab.prefer(scheme);
        tab.signIn(Instance.ALICES_KEY);
        tab.awaitVisible("#versions li");
        return tab;
    }

    private void picture(String path, String name, Dimension size, String scheme) throws IOException {
        Tab tab = browser.open(instance.url(path));
        tab.prefer(scheme);
        if (path.equals("/edit")) {
            tab.awaitText("#connection", "Live");
            tab.awaitVisible("#origin");
        }
        save(tab, name, size);
    }

    private void save(Tab tab, String name, Dimension size) throws IOException {
        tab.resize(size);
        Files.write(directory.resolve(name + ".png"), SmallPng.of(tab.screenshot()));
        browser.closeTabs();
    }

    /** The same letters on every machine: Inter, which is near to what most systems take for their own, and Noto for the rest. */
    private static String fonts(Path directory) throws IOException {
        Path file = directory.resolve("fonts.conf");
        Files.writeString(file, """
                <?xml version="1.0"?>
                <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
                <fontconfig>
                  <include>/etc/fonts/fonts.conf</include>
                  <match target="pattern">
                    <edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>
                  </match>
                </fontconfig>
                """);
        return file.toString();
    }
}
