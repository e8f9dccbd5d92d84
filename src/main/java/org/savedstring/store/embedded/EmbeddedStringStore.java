package org.savedstring.store.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.LossPolicy;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in one file, owned by one process. A write is answered after it has been forced to disk. Reads come from
 * memory, after a look whether anybody else has touched the file; that is linearizable, since nobody else can write.
 */
public final class EmbeddedStringStore implements StringStore {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStringStore.class);
    private static final int WAITING_MAX = 1_000;
    private static final long LOOK_EVERY_MS = 1_000;

    private final Path path;
    private final LossPolicy lossPolicy;
    private final Semaphore room = new Semaphore(WAITING_MAX);
    private final AtomicInteger readsWaiting = new AtomicInteger();
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("embedded-store").factory());
    private final Versions versions;
    private volatile @Nullable String trouble;
    private @Nullable Consumer<SavedString> listener;

    /**
     * Opens the file, or makes it.
     *
     * @param historyVersionsMax how many versions are kept
     * @throws IllegalStateException if another process has the file open, or it can't be read or written
     */
    public EmbeddedStringStore(Path path, int historyVersionsMax, LossPolicy lossPolicy, Clock clock) {
        this.path = path;
        this.lossPolicy = lossPolicy;
        refuseToBeginBesideAnOlderFile(path);
        try {
            this.versions = new Versions(path, historyVersionsMax, clock);
        } catch (IOException e) {
            writer.close();
            throw new IllegalStateException("The embedded store " + path + " can't be opened: " + reason(e), e);
        }
        writer.scheduleWithFixedDelay(this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Earlier releases had another name by default: anybody with such a file would see the default string instead of
     * their own.
     */
    private static void refuseToBeginBesideAnOlderFile(Path path) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        Path older = path.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".mv.db");
        if (Files.notExists(path) && Files.exists(older)) {
            throw new IllegalStateException(
                    "The embedded store %s does not exist, but %s does, as earlier releases called it: rename it to go on with it, or move it away to begin anew."
                            .formatted(path, older));
        }
    }

    @Override
    public CompletionStage<SavedString> read() {
        return readsWaiting.get() == 0 && versions.isUntouched() ? read(versions.newest()) : readInTurn();
    }

    @Override
    public CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions) {
        return submit(
                () -> {
                    reloadIfTouched();
                    SavedString written = versions.append(value, updatedBy, expectedRevisions);
                    tell(written);
                    return written;
                },
                StoreException.OutcomeUnknown::new);
    }

    @Override
    public CompletionStage<List<SavedString>> history(int limit, long beforeVersion) {
        return submit(() -> {
            reloadIfTouched();
            return versions.newestFirst(limit, beforeVersion);
        });
    }

    @Override
    public CompletionStage<Optional<SavedString>> find(long version) {
        return submit(() -> {
            reloadIfTouched();
            return versions.find(version);
        });
    }

    @Override
    public CompletionStage<Optional<SavedString>> removeText(long version) {
        return submit(() -> {
            reloadIfTouched();
            Optional<SavedString> removed = versions.removeText(version);
            removed.ifPresent(this::tell);
            return removed;
        });
    }

    @Override
    public void follow(long afterVersion, Consumer<SavedString> newListener) {
        submit(() -> {
            listener = newListener;
            List<SavedString> missed = new ArrayList<>(versions.newestFirst(Integer.MAX_VALUE, Long.MAX_VALUE));
            missed.removeIf(version -> version.version() <= afterVersion);
            missed.reversed().forEach(this::tell);
            return missed.size();
        });
    }

    @Override
    public String description() {
        return "embedded store " + path;
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public void close() {
        writer.close();
        versions.close();
    }

    /** Done in the writer's thread. */
    private interface Step<T> {
        T run() throws IOException;
    }

    private <T> CompletionStage<T> submit(Step<T> step) {
        return submit(step, StoreException.Unavailable::new);
    }

    private <T> CompletionStage<T> submit(Step<T> step, Function<String, StoreException> onFault) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (!room.tryAcquire()) {
            result.completeExceptionally(new StoreException.Overloaded(WAITING_MAX));
            return result;
        }
        try {
            writer.execute(() -> run(step, onFault, result));
        } catch (RejectedExecutionException e) {
            room.release();
            result.completeExceptionally(new StoreException.Unavailable("the service is ending"));
        }
        return result;
    }

    private <T> void run(Step<T> step, Function<String, StoreException> onFault, CompletableFuture<T> result) {
        room.release();
        try {
            T answer = step.run();
            end();
            result.complete(answer);
        } catch (StoreException e) {
            result.completeExceptionally(e);
        } catch (IOException e) {
            begin("The file " + path + " can't be written or read: " + reason(e));
            result.completeExceptionally(new StoreException.Unavailable("the file " + path + ": " + reason(e)));
        } catch (RuntimeException | Error e) {
            begin("The file " + path + " can't be used: " + e);
            result.completeExceptionally(onFault.apply("the file " + path + ": " + e));
        }
    }

    private SavedString readAgain() throws IOException {
        reloadIfTouched();
        FileEntry newest = versions.newest();
        return newest.saved().isLost() ? lossPolicy.read(newest.saved(), versions.left()) : newest.saved();
    }

    private CompletionStage<SavedString> read(FileEntry newest) {
        return newest.saved().isLost() ? readInTurn() : CompletableFuture.completedFuture(newest.saved());
    }

    /** No read that came later is answered sooner: of two that were sent together the second would be the older one. */
    private CompletionStage<SavedString> readInTurn() {
        readsWaiting.incrementAndGet();
        return submit(this::readAgain).whenComplete((read, failure) -> readsWaiting.decrementAndGet());
    }

    /** Open pages are told too, even when nobody else asks. */
    private void look() {
        if (!versions.isUntouched()) {
            submit(() -> {
                reloadIfTouched();
                return true;
            });
        }
    }

    private void reloadIfTouched() throws IOException {
        if (!versions.isUntouched()) {
            versions.reload().forEach(this::tell);
        }
    }

    private void tell(SavedString version) {
        Consumer<SavedString> told = listener;
        if (told == null) {
            return;
        }
        try {
            told.accept(version);
        } catch (RuntimeException | Error e) {
            LOG.error("Version {} could not be passed on to the open pages: {}", version.version(), e.toString());
        }
    }

    private void begin(String sentence) {
        if (!sentence.equals(trouble)) {
            trouble = sentence;
            LOG.warn("{}; every request tries again. docs/trouble.md has more.", sentence);
        }
    }

    private void end() {
        if (trouble != null) {
            trouble = null;
            LOG.info("The file {} can be used again", path);
        }
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "this user may not read and write it";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
