package org.savedstring.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where the string is kept. Reads and writes are linearizable: a read that starts after a write was answered sees that
 * write or a newer one, whichever instances the two went through. A stage that fails does so with a {@link
 * StoreException}.
 *
 * <p>A store that comes back with less than it had confirmed records the loss as a version of its own. Until the next
 * write, reads fail with a {@link StoreException.VersionLost}, or show what is left if the {@link LossPolicy} says so.
 */
public interface StringStore extends AutoCloseable {

    /** The current version. */
    CompletionStage<SavedString> read();

    /**
     * Makes a value the current version. The stage completes once the write can't be lost by the death of one machine.
     *
     * @param value what to save
     * @param updatedBy the name of the key that writes
     * @param expectedRevisions the {@linkplain SavedString#revision() revisions} of which one must be current; empty:
     *     any
     * @return the new version, or a {@link StoreException.Conflict} if none of the expected revisions is current, or a
     *     {@link StoreException.OutcomeUnknown} if nobody can say whether the write happened
     */
    CompletionStage<SavedString> write(String value, String updatedBy, Set<String> expectedRevisions);

    /** The last versions, newest first, without the initial one. */
    default CompletionStage<List<SavedString>> history(int limit) {
        return history(limit, Long.MAX_VALUE);
    }

    /** The last versions before a given one, newest first, without the initial one. */
    CompletionStage<List<SavedString>> history(int limit, long beforeVersion);

    /**
     * The last versions, newest first, for a service that starts: tries again until it succeeds or the start has taken too
     * long.
     *
     * @throws IllegalStateException if there is no answer in time; its message says why, and what helps
     */
    default List<SavedString> awaitHistory(int limit) {
        return history(limit).toCompletableFuture().join();
    }

    /** A version that is still kept. */
    CompletionStage<Optional<SavedString>> find(long version);

    /**
     * Removes the text of a version from the store; its number, time and author stay.
     *
     * @return the version without its text, or nothing if it isn't kept, or a {@link StoreException.Conflict} if it is
     *     the current one: that must be replaced first
     */
    CompletionStage<Optional<SavedString>> removeText(long version);

    /**
     * Calls the listener with every version after the given one, in order, without a gap, from one thread at a time,
     * until the store is closed; and again with an older one whose text was removed. A store keeps one listener.
     */
    void follow(long afterVersion, Consumer<SavedString> listener);

    /** In one phrase for people: which store this is and where. */
    String description();

    /** In one sentence for people: what keeps the store from being used, and what helps. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    void close();
}
