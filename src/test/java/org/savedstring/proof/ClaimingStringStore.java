package org.savedstring.proof;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/**
 * What must never be built: a service that says of an open page that it is current because it has heard of nothing newer,
 * without asking.
 */
final class ClaimingStringStore extends DelegatingStringStore {

    static final String BROKEN_BUILD = "claiming-build";

    private volatile SavedString heardOf = SavedString.INITIAL;

    private ClaimingStringStore(StringStore store) {
        super(store);
    }

    @Override
    public CompletionStage<SavedString> read() {
        return CompletableFuture.completedFuture(heardOf);
    }

    @Override
    public CompletionStage<List<SavedString>> history(int limit, long beforeVersion) {
        return super.history(limit, beforeVersion).thenApply(newestFirst -> {
            newestFirst.stream().findFirst().ifPresent(newest -> heardOf = newest);
            return newestFirst;
        });
    }

    @Override
    public void follow(long afterVersion, Consumer<SavedString> listener) {
        super.follow(afterVersion, version -> {
            heardOf = version;
            listener.accept(version);
        });
    }

    /** Puts it before the real store, in a process that asks for it. */
    @Singleton
    @Requires(property = BROKEN_BUILD)
    static final class Installer implements BeanCreatedEventListener<StringStore> {

        @Override
        public StringStore onCreated(BeanCreatedEvent<StringStore> event) {
            return new ClaimingStringStore(event.getBean());
        }
    }
}
