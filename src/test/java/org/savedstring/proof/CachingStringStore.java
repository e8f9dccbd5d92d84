package org.savedstring.proof;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/**
 * What must never be built: a store that answers reads from a memory of its own, as one does who wants to be quick. It
 * forgets after a moment and at each write of its own, so that at first sight all is well.
 */
final class CachingStringStore implements StringStore {

    static final String BROKEN_BUILD = "broken-build";

    private static final long REMEMBERED_NANOS = Duration.ofMillis(200).toNanos();

    private record Memory(SavedString string, long readAtNanos) {}

    private final StringStore store;
    private volatile @Nullable Memory memory;

    private CachingStringStore(StringStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<SavedString> read() {
        Memory remembered = memory;
        if (remembered != null && System.nanoTime() - remembered.readAtNanos() < REMEMBERED_NANOS) {
            return CompletableFuture.completedFuture(remembered.string());
        }
        return store.read().thenApply(this::remember);
    }

    @Override
    public CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions) {
        return store.write(value, updatedBy, expectedRevisions).thenApply(this::remember);
    }

    @Override
    public CompletionStage<List<SavedString>> history(int limit, long beforeVersion) {
        return store.history(limit, beforeVersion);
    }

    @Override
    public CompletionStage<Optional<SavedString>> removeText(long version) {
        return store.removeText(version);
    }

    @Override
    public CompletionStage<Optional<SavedString>> find(long version) {
        return store.find(version);
    }

    @Override
    public void follow(long afterVersion, Consumer<SavedString> listener) {
        store.follow(afterVersion, listener);
    }

    @Override
    public String description() {
        return store.description();
    }

    @Override
    public void close() {
        store.close();
    }

    private SavedString remember(SavedString string) {
        memory = new Memory(string, System.nanoTime());
        return string;
    }

    /** Puts it before the real store, in a process that asks for it. */
    @Singleton
    @Requires(property = BROKEN_BUILD)
    static final class Installer implements BeanCreatedEventListener<StringStore> {

        @Override
        public StringStore onCreated(BeanCreatedEvent<StringStore> event) {
            return new CachingStringStore(event.getBean());
        }
    }
}
