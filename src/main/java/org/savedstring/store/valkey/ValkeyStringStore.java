package org.savedstring.store.valkey;

import io.micrometer.core.instrument.Timer;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.savedstring.store.LossPolicy;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;

/**
 * The store that all instances share: one Valkey stream. Its last entry is the string, its tail the history, and
 * reading on from an entry is the change feed. Every event loop of the server reads over a connection of its own, so
 * that a request never changes threads; writes have one more, the history has one that neither of those waits for, and
 * the change feed blocks on the last. Reads from any other thread go through the last event loop.
 */
public final class ValkeyStringStore implements StringStore {

    static final String STREAM = "{saved-string}";
    static final String FENCE = "{saved-string}:fence";

    private final ValkeySettings settings;
    private final int historyVersionsMax;
    private final Connections connections;
    private final StreamCalls stream;
    private final List<CoalescedReader> readers = new ArrayList<>();
    private final List<ConfirmedCalls> all = new ArrayList<>();
    private final ConfirmedCalls writes;
    private final ConfirmedCalls pages;
    private final ChangeFeed changeFeed;
    private final PatientStart start;
    private final AtomicBoolean recordingLoss = new AtomicBoolean();

    /**
     * Connects to Valkey.
     *
     * @param connections closed with the store
     * @param historyVersionsMax how many versions are kept
     * @throws IllegalStateException if the primary can't be reached in time
     */
    public ValkeyStringStore(
            ValkeySettings settings, Connections connections, int historyVersionsMax, LossPolicy lossPolicy) {
        this.settings = settings;
        this.historyVersionsMax = historyVersionsMax;
        this.connections = connections;
        this.stream = connections.stream();
        StoreMetrics metrics = connections.metrics();
        EventLoop any = connections.eventLoops().getFirst();
        EventLoop another = connections.eventLoops().getLast();
        this.pages = open("history", another, () -> 0, () -> {}, metrics.otherTrips());
        Watch watch = new Watch(all, pages, stream, connections.nodes(), connections.troubles());
        this.writes = open("writes", any, watch::replicasUp, watch::nudge, metrics.otherTrips());
        for (EventLoop eventLoop : connections.eventLoops()) {
            ConfirmedCalls reads = open("reads", eventLoop, () -> 0, watch::nudge, metrics.readTrips());
            Pace pace = new Pace(settings.gatheringMax());
            readers.add(new CoalescedReader(
                    reads, stream, lossPolicy, settings.requestsWaitingMax(), metrics.reads(), pace));
        }
        this.changeFeed = new ChangeFeed(connections.open("change feed", another), pages, stream, settings);
        this.start = new PatientStart(settings, connections.troubles());
        stream.onLoss(known -> recordLoss());
        connections.onLost(watch::probeAll);
        connect();
        watch.start();
    }

    /** The stream, and the fence unless no replica confirms. */
    static String[] keys(ValkeySettings settings) {
        return settings.confirmingReplicas() == 0 ? new String[] {STREAM} : new String[] {STREAM, FENCE};
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
        String unique = StreamCalls.unique();
        return writes.submit(stream.write(unique, arguments)).thenApply(StreamEntry::saved);
    }

    @Override
    public CompletionStage<List<SavedString>> history(int limit, long beforeVersion) {
        String from = beforeVersion == Long.MAX_VALUE ? "+" : "(" + beforeVersion + "-0";
        return history(new ArrayList<>(), from, limit);
    }

    @Override
    public List<SavedString> awaitHistory(int limit) {
        return start.await(() -> history(limit));
    }

    @Override
    public CompletionStage<Optional<SavedString>> find(long version) {
        return pages.submit(stream.page(Page.Wanted.version(version)))
                .thenApply(
                        page -> page.entries().stream().map(StreamEntry::saved).findFirst());
    }

    @Override
    public CompletionStage<Optional<SavedString>> removeText(long version) {
        return writes.submit(stream.removeText(version)).thenApply(removed -> removed.map(StreamEntry::saved));
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
    public Optional<String> trouble() {
        return connections.troubles().sentence();
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
        return readers.getLast();
    }

    private CompletionStage<List<SavedString>> history(List<SavedString> soFar, String from, int limit) {
        return pages.submit(stream.page(Page.Wanted.newestFirst(from, limit - soFar.size())))
                .thenCompose(page -> {
                    page.entries().forEach(entry -> soFar.add(entry.saved()));
                    return page.hasMore() && soFar.size() < limit
                            ? history(soFar, "(" + page.lastId(), limit)
                            : CompletableFuture.completedFuture(soFar);
                });
    }

    /** At most one at a time; the next call to find the store behind starts another. */
    private void recordLoss() {
        if (recordingLoss.compareAndSet(false, true)) {
            writes.submit(stream.loss()).whenComplete((loss, failure) -> recordingLoss.set(false));
        }
    }

    private ConfirmedCalls open(
            String purpose, EventLoop eventLoop, IntSupplier replicasUp, Runnable whenSlow, Timer roundTrips) {
        ConfirmedCalls made =
                new ConfirmedCalls(connections.open(purpose, eventLoop), settings, replicasUp, whenSlow, roundTrips);
        all.add(made);
        return made;
    }

    /** Every reader will be told; that is no reason not to start. */
    private static SavedString evenIfLost(Throwable failure) {
        if (failure instanceof StoreException.VersionLost) {
            return SavedString.INITIAL;
        }
        throw new CompletionException(failure);
    }

    private void connect() {
        try {
            CompletableFuture<?>[] ready =
                    all.stream().map(ConfirmedCalls::start).toArray(CompletableFuture<?>[]::new);
            start.awaitConnections(CompletableFuture.allOf(ready));
            readers.forEach(reader -> start.await(() -> reader.read().exceptionally(ValkeyStringStore::evenIfLost)));
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }
}
