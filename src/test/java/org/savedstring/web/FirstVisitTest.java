package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.savedstring.machine.EventReader;

/** What everybody sees before the first write. */
class FirstVisitTest extends ServiceTest {

    @Test
    void stringIsDynamicStringVersionZero() {
        assertThat(http().get("/").text()).contains("<body><h1>The saved string is dynamic string</h1></body>");
        assertThat(http().get("/", "Accept", "application/json").text())
                .isEqualTo("{\"value\":\"dynamic string\",\"version\":0,\"updatedAt\":null,\"updatedBy\":null}");
        assertThat(http().get("/", "Accept", "text/plain").text()).isEqualTo("dynamic string");
    }

    @Test
    void historyIsEmpty() {
        assertThat(http().get("/history", KEY).text()).isEqualTo("[]");
    }

    @Test
    void eventsBeginWithIt() {
        try (EventReader events = http().events()) {
            EventReader.Event first = events.next();
            assertThat(first.id()).isEqualTo("0-0");
            assertThat(first.value()).isEqualTo("dynamic string");
        }
    }

    @Test
    void initialVersionIsNoneToRestore() {
        assertThat(http().post("/history/0/restore", KEY).status()).isEqualTo(404);
    }
}
