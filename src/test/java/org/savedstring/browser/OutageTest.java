package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.ValkeyServer;

@BrowserTest
class OutageTest {

    @TempDir
    Path directory;

    @Test
    void pagesSayThatTheStoreIsGoneAndGoOnByThemselvesWhenItIsBack() throws IOException {
        try (var valkey = ValkeyServer.start("--appendonly", "yes", "--appendfsync", "always");
                var instance = Instance.valkey(directory, valkey.address());
                var browser = Browser.start()) {
            instance.bobSaves("before");
            Tab writer = browser.open(instance.url("/edit"));
            writer.awaitVisible("#key");
            writer.write("#key", Instance.ALICES_KEY);
            writer.click("#sign-in button");
            writer.awaitVisible("#editor");
            writer.write("#draft", "after");
            Tab open = browser.open(instance.url("/"));

            valkey.kill();
            Tab visitor = browser.open(instance.url("/"));
            assertThat(visitor.text("main"))
                    .contains("503")
                    .contains("can't be read")
                    .doesNotContain("before", "Nothing was saved");
            writer.click("#editor .primary");
            writer.awaitText("#save-error", "can't be read or changed at the moment. Nothing was saved.");
            assertThat(writer.draft()).isEqualTo("after");
            Tab late = browser.open(instance.url("/edit"));
            late.awaitText("#trouble", "can't be read");
            late.awaitText("#connection", "Connection lost");

            valkey.restart();
            late.awaitText("#connection", "Live");
            late.awaitText("h1", "The saved string is before");
            late.await("the trouble is over", () -> !late.isVisible("#trouble"));
            visitor.awaitText("h1", "The saved string is before");
            writer.awaitSaved("after");
            visitor.awaitText("h1", "The saved string is after");
            open.awaitText("h1", "The saved string is after");
        }
    }
}
