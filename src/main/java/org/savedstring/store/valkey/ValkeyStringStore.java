package org.savedstring.store.valkey;

import io.micrometer.core.instrument.Timer;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;

/**
 * The store that all instances share: one Valkey stream. Its last entry is the string, its tail the history, and reading
 * on from an entry is the change feed. Every event loop of the server reads over a connection of its own, so that a
 * request never changes threads; writes and the rest share one more, and the change feed blocks on the last.
 */
public final class ValkeyStringStore implements StringStore {

    static final String STREAM = "{saved-string}";
    private static final String FENCE = "{saved-string}:fence";

    private final ValkeySettings settings;
    private final int historyVersionsMax;
    private final String[] keys;
    private final Connections connections;
    private final List<CoalescedReader> readers = new ArrayList<>();
    private final List<Pipeline> pipelines = new ArrayList<>();
    private final Pipeline pipeline;
    private final ChangeFeed changeFeed;

    /**
     * Connects to Valkey.
     *
     * @param connections closed with the store
     * @param historyVersionsMax how many versions are kept
     * @throws IllegalStateException if the primary can't be reached in time
     */
    public ValkeyStringStore(ValkeySettings settings, Connections connections, int historyVersionsMax) {
        this.settings = settings;
        this.historyVersionsMax = historyVersionsMax;
        this.connections = connections;
        this.keys = settings.confirmingReplicas() == 0 ? new String[] {STREAM} : new String[] {STREAM, FENCE};
        StoreMetrics metrics = connections.metrics();
        for (EventLoop eventLoop : connections.eventLoops()) {
            Pipeline reads = newPipeline("reads", eventLoop, metrics.readTrips());
            readers.add(new CoalescedReader(reads, eventLoop, keys, settings.requestsWaitingMax(), metrics.reads()));
        }
        EventLoop any = connections.eventLoops().getFirst();
        this.pipeline = newPipeline("writes", any, metrics.otherTrips());
        this.changeFeed = new ChangeFeed(
                connections.open("change feed", any),
                version -> range("+", "(" + Versions.id(version), historyVersionsMax),
                settings);
        awaitConnections();
    }

    @Override
    public CompletionStage<SavedString> read() {
        return readerOfThisThread().read();
    }

    @Override
    public CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions) {
        String[] arguments = Stream.concat(
                        Stream.of(value, updatedBy, String.valueOf(historyVersionsMax)), expectedRevisions.stream())
                .toArray(String[]::new);
        return pipeline.submit(new Call<>(
                true,
                commands -> Script.WRITE.call(commands, keys, arguments),
                reply -> written(reply, value, updatedBy)));
    }

    @Override
    public CompletionStage<List<SavedString>> history(int limit) {
        return range("+", "-", limit);
    }

    @Override
    public CompletionStage<Optional<SavedString>> find(long version) {
        return range(Versions.id(version), Versions.id(version), 1)
                .thenApply(found -> found.stream().findFirst());
    }

    @Override
    public void follow(long afterVersion, Consumer<SavedString> listener) {
        changeFeed.follow(afterVersion, listener);
    }

    @Override
    public String description() {
        return "Valkey at " + settings.address() + " over " + connections.transport();
    }

    @Override
    public void close() {
        connections.close();
    }

    private CoalescedReader readerOfThisThread() {
        for (CoalescedReader reader : readers) {
            if (reader.isOfThisThread()) {
                return reader;
            }
        }
        return readers.get(ThreadLocalRandom.current().nextInt(readers.size()));
    }

    private CompletionStage<List<SavedString>> range(String newest, String oldest, int count) {
        return pipeline.submit(new Call<>(
                false,
                commands -> Script.RANGE.call(commands, keys, newest, oldest, String.valueOf(count)),
                reply -> reply.stream().map(Versions::decode).toList()));
    }

    private static SavedString written(List<Object> reply, String value, String updatedBy) {
        if (reply.size() == 1) {
            throw new StoreException.Conflict(String.valueOf(reply.getFirst()));
        }
        return new SavedString(
                value,
                Long.parseLong(String.valueOf(reply.get(0))),
                Instant.ofEpochMilli(Long.parseLong(String.valueOf(reply.get(1)))),
                updatedBy);
    }

    private Pipeline newPipeline(String purpose, EventLoop eventLoop, Timer roundTrips) {
        Pipeline made = new Pipeline(connections.open(purpose, eventLoop), settings, roundTrips);
        pipelines.add(made);
        return made;
    }

    private void awaitConnections() {
        CompletableFuture<?>[] ready = pipelines.stream().map(Pipeline::start).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ready).get(settings.connectAtStartTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            close();
            throw new IllegalStateException(
                    "Valkey at " + settings.address() + " can't be used: " + connections.lastFailure()
                            + ". Check SAVED_STRING_VALKEY_ADDRESS and the other SAVED_STRING_VALKEY_ settings.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to Valkey", e);
        }
    }
}
