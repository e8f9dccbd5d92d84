package org.savedstring.cell;

import org.jspecify.annotations.Nullable;
import org.savedstring.linearizability.Operation;

/**
 * One request of a workload.
 *
 * @param target where it went
 * @param operation what it says about the string; null if nothing
 * @param failure why it was not answered as it should; null if it was
 */
record Attempt(
        String target,
        boolean write,
        long invokedNanos,
        long returnedNanos,
        @Nullable Operation operation,
        @Nullable String failure) {

    boolean succeeded() {
        return failure == null;
    }

    long tookNanos() {
        return returnedNanos - invokedNanos;
    }
}
