package org.savedstring.machine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * What goes for every class of tests: whatever is waited for may take as long as nothing but a hang takes, and memory and
 * threads are given back. Netty reports a buffer that was collected before it was released when the next one is allocated;
 * surefire has it look at every buffer. Lettuce logs what was collected before it was shut down.
 */
public final class EveryTestClass implements BeforeAllCallback, AfterAllCallback {

    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static final int COLLECTIONS = 2;

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(WAIT_MAX);
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add("LEAK: " + type + records));
        Logger lettuce = (Logger) LoggerFactory.getLogger("io.lettuce.core.resource");
        if (lettuce.getAppender(NotShutDown.class.getName()) == null) {
            lettuce.addAppender(new NotShutDown());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.directBuffer().release();
        }
        List<String> leaks = List.copyOf(LEAKS);
        LEAKS.removeAll(leaks);
        assertNoLeak(leaks.toString());
    }

    /** In what a process printed or this one was told. */
    static void assertNoLeak(String reports) {
        assertThat(reports).doesNotContain("LEAK: ");
    }

    private static final class NotShutDown extends AppenderBase<ILoggingEvent> {

        NotShutDown() {
            setName(NotShutDown.class.getName());
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains("not shut down")) {
                LEAKS.add("LEAK: " + event.getFormattedMessage());
            }
        }
    }
}
