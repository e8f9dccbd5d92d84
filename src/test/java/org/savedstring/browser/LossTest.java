package org.savedstring.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.savedstring.machine.ValkeyServer;

@BrowserTest
class LossTest {

    private final Browser browser;

    LossTest(Browser browser) {
        this.browser = browser;
    }

    @Test
    void theEditPageOffersWhatIsLeftAndWhateverIsTyped() {
        try (var valkey = ValkeyServer.start();
                var instance = Instance.valkey(valkey.address())) {
            instance.bobSaves("what is left");
            valkey.command("COPY", "{saved-string}", "backup");
            instance.bobSaves("what was lost");
            Tab before = browser.open(instance.url("/edit"));
            before.signIn(Instance.ALICES_KEY);
            before.write("#draft", "a draft");

            valkey.command("COPY", "backup", "{saved-string}", "REPLACE");

            Tab writer = browser.open(instance.url("/edit"));
            writer.awaitVisible("#key");
            writer.write("#key", Instance.ALICES_KEY);
            writer.click("#sign-in button");
            writer.awaitText("#trouble", "without version 2");
            writer.await("what is left is offered", () -> writer.draft().equals("what is left"));
            before.awaitText("#trouble", "without version 2");
            assertThat(before.draft()).isEqualTo("a draft");

            writer.awaitSaved("what is left");
            writer.await("the trouble is over", () -> !writer.isVisible("#trouble"));
            writer.awaitText("h1", "The saved string is what is left");
            assertThat(instance.currentVersion()).isEqualTo(3);
            before.awaitText("h1", "The saved string is what is left");
            before.click("#editor .primary");
            before.awaitVisible("#conflict");
            before.click("#overwrite");
            before.awaitText("#saved", "Saved as version 4");
            assertThat(instance.savedString()).isEqualTo("a draft");
        }
    }
}
