package org.savedstring.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where the string is kept. Reads and writes are linearizable: a read that starts after a write was answered sees that
 * write or a newer one, through whichever instance either went. A stage that fails does so with a {@link StoreException}.
 */
public interface StringStore extends AutoCloseable {

    /** The current version. */
    CompletionStage<SavedString> read();

    /**
     * Makes a value the current version. The stage completes once the write can't be lost by the death of one machine.
     *
     * @param value what to save
     * @param updatedBy the name of the key that writes
     * @param expectedRevisions the {@linkplain SavedString#revision() revisions} of which one must be current; empty: any
     * @return the new version, or a {@link StoreException.Conflict} if none of the expected revisions is current, or a
     *     {@link StoreException.OutcomeUnknown} if it can't be said whether the write happened
     */
    CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions);

    /** The last versions, newest first, without the initial one. */
    CompletionStage<List<SavedString>> history(int limit);

    /** A version that is still kept. */
    CompletionStage<Optional<SavedString>> find(long version);

    /**
     * Calls the listener with every version after the given one, in order, without a gap, from one thread at a time, until
     * the store is closed. A store keeps one listener.
     */
    void follow(long afterVersion, Consumer<SavedString> listener);

    /** In one phrase for people: which store this is and where. */
    String description();

    @Override
    void close();
}
