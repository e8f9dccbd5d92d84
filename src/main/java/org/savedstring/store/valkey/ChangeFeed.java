package org.savedstring.store.valkey;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices new versions with a read that blocks in Valkey, on a connection of its own. What it passes on comes from a
 * confirmed read: a version that might still be lost in a failover is shown to nobody. It reads in pages, so that an
 * instance that is far behind holds nobody up.
 */
final class ChangeFeed {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    private static final long BLOCK_MS = 1_000;
    private static final long PAUSE_MS = 50;
    static final String REMOVED = ValkeyStringStore.STREAM + ":removed";

    private final PrimaryConnection connection;
    private final Loop loop;
    private final ConfirmedCalls pages;
    private final StreamCalls stream;
    private final long answerMaxMs;
    private String lastId = StreamEntry.NONE.id();
    private String lastRemovalId = StreamEntry.NONE.id();
    private Consumer<SavedString> listener = version -> {};
    /** A connection that is made again while a page is being read must not start a second round. */
    private boolean busy;

    /**
     * @param pages reads what is new, confirmed
     */
    ChangeFeed(PrimaryConnection connection, ConfirmedCalls pages, StreamCalls stream, ValkeySettings settings) {
        this.connection = connection;
        this.loop = connection.loop();
        this.pages = pages;
        this.stream = stream;
        this.answerMaxMs = BLOCK_MS + settings.timeout().toMillis();
    }

    void follow(long afterVersion, Consumer<SavedString> newListener) {
        loop.run(() -> {
            lastId = afterVersion + "-0";
            listener = newListener;
            connection.start(this::waitForVersion);
        });
    }

    @SuppressWarnings("unchecked") // the varargs of Lettuce
    private void waitForVersion() {
        assert loop.isCurrent();
        StatefulRedisConnection<String, String> current = connection.current();
        if (busy || current == null) {
            return;
        }
        busy = true;
        ScheduledFuture<?> timer = loop.eventLoop()
                .schedule(
                        () -> connection.drop(current, "no answer within " + answerMaxMs + " ms"),
                        answerMaxMs,
                        TimeUnit.MILLISECONDS);
        current.async()
                .xread(
                        XReadArgs.Builder.block(BLOCK_MS).count(1),
                        StreamOffset.from(ValkeyStringStore.STREAM, lastId),
                        StreamOffset.from(REMOVED, lastRemovalId))
                .whenComplete((found, failure) -> {
                    timer.cancel(false);
                    busy = false;
                    if (failure != null) {
                        connection.drop(current, String.valueOf(failure.getMessage()));
                    } else {
                        connection.succeeded();
                        goOn(found);
                    }
                });
    }

    private void goOn(@Nullable List<StreamMessage<String, String>> found) {
        if (found == null || found.isEmpty()) {
            waitForVersion();
            return;
        }
        busy = true;
        StreamMessage<String, String> first = found.getFirst();
        if (first.getStream().equals(REMOVED)) {
            readRemoved(first);
        } else {
            readPage();
        }
    }

    private void readPage() {
        pages.submit(stream.page(Page.Wanted.oldestFirstAfter(lastId)))
                .whenComplete((page, failure) -> loop.run(() -> deliver(page)));
    }

    private void deliver(@Nullable Page page) {
        if (page == null || page.lastId().isEmpty()) {
            // Seen but not confirmed yet.
            waitAgainSoon();
            return;
        }
        page.entries().forEach(entry -> pass(entry.saved()));
        lastId = page.lastId();
        if (page.hasMore()) {
            readPage();
        } else {
            waitAgain();
        }
    }

    private void readRemoved(StreamMessage<String, String> notice) {
        long version = versionOf(notice);
        pages.submit(stream.page(Page.Wanted.version(version)))
                .whenComplete((page, failure) -> loop.run(() -> {
                    if (page == null) {
                        waitAgainSoon();
                        return;
                    }
                    page.entries().forEach(entry -> pass(entry.saved()));
                    lastRemovalId = notice.getId();
                    waitForVersion();
                }));
    }

    /** What isn't ours counts as no version. */
    private static long versionOf(StreamMessage<String, String> notice) {
        String version = notice.getBody().getOrDefault("version", "");
        return version.matches("\\d{1,15}") ? Long.parseLong(version) : 0;
    }

    private void pass(SavedString version) {
        try {
            listener.accept(version);
        } catch (RuntimeException | Error e) {
            LOG.error("Version {} could not be passed on to the open pages: {}", version.version(), e.toString());
        }
    }

    private void waitAgainSoon() {
        loop.eventLoop().schedule(this::waitAgain, PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    private void waitAgain() {
        busy = false;
        waitForVersion();
    }
}
