package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.savedstring.machine.ValkeyServer;

@BrowserTest
class OutageTest {

    private final Browser browser;

    OutageTest(Browser browser) {
        this.browser = browser;
    }

    @Test
    void pagesSayThatTheStoreIsGoneAndGoOnByThemselvesWhenItIsBack() {
        try (var valkey = ValkeyServer.start("--appendonly", "yes", "--appendfsync", "always");
                var instance = Instance.valkey(valkey.address())) {
            instance.bobSaves("before");
            Tab writer = browser.open(instance.url("/edit"));
            writer.signIn(Instance.ALICES_KEY);
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
            open.await("the page says that it may be old", () -> open.isPresent("body[data-stale-since]"));
            writer.awaitText("#connection", "not confirmed since");
            Tab late = browser.open(instance.url("/edit"));
            late.awaitText("#trouble", "can't be read");
            late.awaitText("#connection", "May be out of date");

            valkey.restart();
            late.awaitText("#connection", "Live");
            late.awaitText("h1", "The saved string is before");
            late.await("the trouble is over", () -> !late.isVisible("#trouble"));
            visitor.awaitText("h1", "The saved string is before");
            writer.awaitSaved("after");
            visitor.awaitText("h1", "The saved string is after");
            open.awaitText("h1", "The saved string is after");
            assertThat(open.isPresent("body[data-stale-since]")).isFalse();
        }
    }
}
