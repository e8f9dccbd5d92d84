package org.savedstring.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestFiles;

/** Event loops that end by themselves. */
class EventLoopWatchTest {

    @ParameterizedTest
    @ValueSource(strings = {"default", "parent"})
    void theProcessEndsWithThem(String group) {
        try (var files = new TestFiles()) {
            Map<String, String> settings = files.environment();
            settings.put("ENDING_EVENT_LOOPS", group);
            try (var instance = ServiceInstance.start("ending", ServiceInstance.APPLICATION_WITH_TESTS, settings)) {
                assertThat(instance.awaitExit()).isEqualTo(3);
                assertThat(instance.log()).contains("an event loop has ended");
            }
        }
    }
}
