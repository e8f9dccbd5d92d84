package org.savedstring.proof;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.savedstring.store.SavedString;
import org.savedstring.store.StringStore;

/** Does as another store does, but for what a subclass does wrong. */
abstract class DelegatingStringStore implements StringStore {

    private final StringStore store;

    DelegatingStringStore(StringStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<SavedString> read() {
        return store.read();
    }

    @Override
    public CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions) {
        return store.write(value, updatedBy, expectedRevisions);
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
}
