package org.savedstring.proof.linearizability;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.savedstring.proof.linearizability.Operation.FailedWrite;
import org.savedstring.proof.linearizability.Operation.Read;
import org.savedstring.proof.linearizability.Operation.RefusedWrite;
import org.savedstring.proof.linearizability.Operation.UnknownWrite;
import org.savedstring.proof.linearizability.Operation.Write;

/** Tries every order: the definition itself, for histories of a handful of operations. */
final class BruteForceChecker {

    private record State(long version, String value) {}

    private BruteForceChecker() {}

    static boolean isLinearizable(long initialVersion, String initialValue, List<Operation> history) {
        var effective = history.stream()
                .filter(operation -> !(operation instanceof FailedWrite))
                .toList();
        return search(new State(initialVersion, initialValue), effective);
    }

    private static boolean search(State state, List<Operation> remaining) {
        if (remaining.stream().allMatch(UnknownWrite.class::isInstance)) {
            return true;
        }
        for (int i = 0; i < remaining.size(); i++) {
            Operation next = remaining.get(i);
            State after = mayComeFirst(next, remaining) ? apply(state, next) : null;
            if (after != null && search(after, without(remaining, i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayComeFirst(Operation operation, List<Operation> remaining) {
        return remaining.stream().noneMatch(other -> other.returnedNanos() < operation.invokedNanos());
    }

    private static @Nullable State apply(State state, Operation operation) {
        return switch (operation) {
            case Read read -> state.equals(new State(read.version(), read.value())) ? state : null;
            case Write write ->
                write.version() == state.version() + 1 && expects(write.expectedVersion(), state)
                        ? new State(write.version(), write.value())
                        : null;
            case UnknownWrite write ->
                expects(write.expectedVersion(), state) ? new State(state.version() + 1, write.value()) : null;
            case RefusedWrite write -> write.expectedVersion() != state.version() ? state : null;
            case FailedWrite _ -> state;
        };
    }

    private static boolean expects(long expectedVersion, State state) {
        return expectedVersion == Operation.ANY_VERSION || expectedVersion == state.version();
    }

    private static List<Operation> without(List<Operation> operations, int index) {
        var rest = new ArrayList<>(operations);
        rest.remove(index);
        return rest;
    }
}
