package org.savedstring.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Does things again and again, each in threads of its own, until it is closed. */
public final class Repeated implements AutoCloseable {

    public interface Step {
        void run(Stop stop) throws Exception;
    }

    /** Asked by steps that take long. */
    public interface Stop {
        boolean isWanted();
    }

    private static final Duration END_MAX = Duration.ofMinutes(3);

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    public void start(int times, Step step) {
        for (int i = 0; i < times; i++) {
            threads.add(Thread.ofVirtual().start(() -> repeat(step)));
        }
    }

    /** What went wrong; it was done again all the same. */
    public List<String> failures() {
        return failures.stream().map(Throwable::toString).toList();
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                assertThat(thread.join(END_MAX)).as("a step comes to its end").isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void repeat(Step step) {
        while (!stopped) {
            try {
                step.run(() -> stopped);
            } catch (Exception | AssertionError e) {
                failures.add(e);
            }
        }
    }
}
