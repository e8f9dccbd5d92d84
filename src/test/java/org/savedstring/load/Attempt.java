package org.savedstring.load;

import org.jspecify.annotations.Nullable;
import org.savedstring.proof.linearizability.Operation;

/**
 * One request of a workload.
 *
 * @param target where it went
 * @param operation what it says about the string; null if nothing
 * @param failure why it was not answered as it should; null if it was
 */
public record Attempt(
        String target,
        boolean write,
        long invokedNanos,
        long returnedNanos,
        @Nullable Operation operation,
        @Nullable String failure) {

    public boolean succeeded() {
        return failure == null;
    }

    public long tookNanos() {
        return returnedNanos - invokedNanos;
    }
}
