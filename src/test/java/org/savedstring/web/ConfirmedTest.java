package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.savedstring.web.ProblemAssert.assertProblem;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.EventReader;

/** An open page is current, or says that it isn't: what the service does for it, over Valkey, which can be taken away. */
class ConfirmedTest extends ServiceTest {

    /** Within 2 s of the moment at which nothing can be confirmed any more; the rest is for a machine that is busy. */
    private static final Duration END_MAX = Duration.ofSeconds(5);

    @Override
    protected Map<String, String> settings() {
        return overValkey();
    }

    @Test
    void streamEndsWhenWhatItShowsCanNotBeConfirmedAndNoneIsOpenedMeanwhile() throws IOException {
        save("shown");
        try (EventReader events = http().events()) {
            assertThat(events.next().value()).isEqualTo("shown");
            assertThat(events.block()).startsWith("event: confirmed");
            Instant paused = Instant.now();
            valkey().pause();
            try {
                assertConfirmsNothingAfter(paused, events);
                assertThat(Duration.between(paused, Instant.now())).isLessThan(END_MAX);
                assertProblem(http().get("/events"), 503, "store-unavailable");
            } finally {
                valkey().resume();
            }
        }
        Awaitility.await().until(() -> http().get("/").status() == 200);
        try (EventReader events = http().events()) {
            assertThat(events.next().value()).isEqualTo("shown");
        }
    }

    /** A read that began before it was paused may be the last. */
    private static void assertConfirmsNothingAfter(Instant paused, EventReader events) throws IOException {
        for (String block = events.block(); block != null; block = events.block()) {
            Instant confirmed = Instant.parse(block.substring(block.lastIndexOf(' ') + 1));
            assertThat(confirmed).isBeforeOrEqualTo(paused);
        }
    }
}
