package org.savedstring.proof;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/**
 * What must never be built: a store that answers reads from a memory of its own, as one does who wants to be quick. It
 * forgets after a moment and at each write of its own, so that at first sight all is well.
 */
final class CachingStringStore extends DelegatingStringStore {

    static final String BROKEN_BUILD = "broken-build";

    private static final long REMEMBERED_NANOS = Duration.ofMillis(200).toNanos();

    private record Memory(SavedString string, long readAtNanos) {}

    private volatile @Nullable Memory memory;

    private CachingStringStore(StringStore store) {
        super(store);
    }

    @Override
    public CompletionStage<SavedString> read() {
        Memory remembered = memory;
        if (remembered != null && System.nanoTime() - remembered.readAtNanos() < REMEMBERED_NANOS) {
            return CompletableFuture.completedFuture(remembered.string());
        }
        return super.read().thenApply(this::remember);
    }

    @Override
    public CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions) {
        return super.write(value, updatedBy, expectedRevisions).thenApply(this::remember);
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
