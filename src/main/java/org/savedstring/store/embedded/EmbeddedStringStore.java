package org.savedstring.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;

/**
 * A store in one file, owned by one process. A write is answered after it was forced to the disk; reads come from memory,
 * which is linearizable since nobody else can write.
 */
public final class EmbeddedStringStore implements StringStore {

    private static final int WRITES_WAITING_MAX = 1_000;

    private final Path file;
    private final int historyVersionsMax;
    private final Clock clock;
    private final MVStore store;
    private final MVMap<Long, String[]> versions;
    private final ExecutorService writer = singleThread();
    private volatile SavedString current;
    private @Nullable Consumer<SavedString> listener;

    /**
     * Opens the file, or makes it.
     *
     * @param historyVersionsMax how many versions are kept
     * @throws IllegalStateException if another process has the file open, or it can't be read or written
     */
    public EmbeddedStringStore(Path file, int historyVersionsMax, Clock clock) {
        this.file = file;
        this.historyVersionsMax = historyVersionsMax;
        this.clock = clock;
        this.store = openStore(file);
        this.versions = store.openMap("versions");
        this.current =
                Optional.ofNullable(versions.lastKey()).flatMap(this::load).orElse(SavedString.INITIAL);
    }

    @Override
    public CompletionStage<SavedString> read() {
        return CompletableFuture.completedFuture(current);
    }

    @Override
    public CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions) {
        CompletableFuture<SavedString> result = new CompletableFuture<>();
        try {
            writer.execute(() -> complete(result, value, updatedBy, expectedRevisions));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new StoreException.Overloaded(WRITES_WAITING_MAX));
        }
        return result;
    }

    private void complete(
            CompletableFuture<SavedString> result, String value, String updatedBy, Set<String> expectedRevisions) {
        try {
            result.complete(append(value, updatedBy, expectedRevisions));
        } catch (StoreException e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public CompletionStage<List<SavedString>> history(int limit) {
        List<SavedString> newestFirst = new ArrayList<>();
        for (long version = current.version(); version > 0 && newestFirst.size() < limit; version--) {
            Optional<SavedString> kept = load(version);
            if (kept.isEmpty()) {
                break;
            }
            newestFirst.add(kept.get());
        }
        return CompletableFuture.completedFuture(newestFirst);
    }

    @Override
    public CompletionStage<Optional<SavedString>> find(long version) {
        return CompletableFuture.completedFuture(load(version));
    }

    @Override
    public void follow(long afterVersion, Consumer<SavedString> newListener) {
        writer.execute(() -> {
            for (long version = afterVersion + 1; version <= current.version(); version++) {
                load(version).ifPresent(newListener);
            }
            listener = newListener;
        });
    }

    @Override
    public String description() {
        return "embedded store " + file;
    }

    @Override
    public void close() {
        writer.close();
        store.close();
    }

    private SavedString append(String value, String updatedBy, Set<String> expectedRevisions) {
        SavedString before = current;
        if (!expectedRevisions.isEmpty() && !expectedRevisions.contains(before.revision())) {
            throw new StoreException.Conflict(before.revision());
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        SavedString after = new SavedString(value, before.version() + 1, now, updatedBy);
        save(after);
        current = after;
        if (listener != null) {
            listener.accept(after);
        }
        return after;
    }

    private void save(SavedString saved) {
        try {
            versions.put(
                    saved.version(),
                    new String[] {saved.value(), String.valueOf(saved.updatedAt()), String.valueOf(saved.updatedBy())});
            versions.remove(saved.version() - historyVersionsMax);
            store.commit();
            store.sync();
        } catch (MVStoreException e) {
            store.rollback();
            throw new StoreException.OutcomeUnknown("the file " + file + " can't be written: " + e.getMessage());
        }
    }

    private Optional<SavedString> load(long version) {
        return Optional.ofNullable(versions.get(version))
                .map(fields -> new SavedString(fields[0], version, Instant.parse(fields[1]), fields[2]));
    }

    private static MVStore openStore(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().normalize().getParent());
            return new MVStore.Builder()
                    .fileName(file.toString())
                    .autoCommitDisabled()
                    .open();
        } catch (MVStoreException e) {
            String reason =
                    e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED ? "another process has it open" : e.getMessage();
            throw new IllegalStateException("The embedded store " + file + " can't be opened: " + reason, e);
        } catch (IOException e) {
            throw new IllegalStateException("The folder of the embedded store " + file + " can't be made: " + e, e);
        }
    }

    private static ExecutorService singleThread() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WRITES_WAITING_MAX),
                Thread.ofPlatform().name("embedded-store").factory());
    }
}
