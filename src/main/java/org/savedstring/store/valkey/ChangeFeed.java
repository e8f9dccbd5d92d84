package org.savedstring.store.valkey;

import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;

/**
 * Notices new versions by a read that blocks in Valkey, on a connection of its own. What it passes on comes from a
 * confirmed read: a version that might still be lost in a failover is shown to nobody.
 */
final class ChangeFeed {

    private static final long BLOCK_MS = 1_000;
    private static final long PAUSE_MS = 50;

    private final PrimaryConnection connection;
    private final EventLoop eventLoop;
    private final LongFunction<CompletionStage<List<SavedString>>> newestFirstAfter;
    private final long answerMaxMs;
    private long lastVersion;
    private Consumer<SavedString> listener = version -> {};

    /**
     * @param newestFirstAfter reads the versions after a given one, confirmed
     */
    ChangeFeed(
            PrimaryConnection connection,
            LongFunction<CompletionStage<List<SavedString>>> newestFirstAfter,
            ValkeySettings settings) {
        this.connection = connection;
        this.eventLoop = connection.eventLoop();
        this.newestFirstAfter = newestFirstAfter;
        this.answerMaxMs = BLOCK_MS + settings.timeout().toMillis();
    }

    void follow(long afterVersion, Consumer<SavedString> newListener) {
        eventLoop.execute(() -> {
            lastVersion = afterVersion;
            listener = newListener;
            connection.start(this::waitForVersion);
        });
    }

    @SuppressWarnings("unchecked") // the varargs of Lettuce
    private void waitForVersion() {
        StatefulRedisConnection<String, String> current = connection.current();
        if (current == null) {
            return;
        }
        ScheduledFuture<?> timer = eventLoop.schedule(
                () -> connection.drop(current, "no answer within " + answerMaxMs + " ms"),
                answerMaxMs,
                TimeUnit.MILLISECONDS);
        current.async()
                .xread(
                        XReadArgs.Builder.block(BLOCK_MS).count(1),
                        StreamOffset.from(ValkeyStringStore.STREAM, Versions.id(lastVersion)))
                .whenComplete((found, failure) -> {
                    timer.cancel(false);
                    if (failure != null) {
                        connection.drop(current, "the change feed failed: " + failure.getMessage());
                    } else if (found == null || found.isEmpty()) {
                        waitForVersion();
                    } else {
                        readVersions();
                    }
                });
    }

    private void readVersions() {
        newestFirstAfter
                .apply(lastVersion)
                .whenComplete((newestFirst, failure) -> eventLoop.execute(() -> deliver(newestFirst)));
    }

    private void deliver(@Nullable List<SavedString> newestFirst) {
        if (newestFirst == null || newestFirst.isEmpty()) {
            // Seen but not confirmed yet.
            eventLoop.schedule(this::waitForVersion, PAUSE_MS, TimeUnit.MILLISECONDS);
            return;
        }
        newestFirst.reversed().forEach(listener);
        lastVersion = newestFirst.getFirst().version();
        waitForVersion();
    }
}
