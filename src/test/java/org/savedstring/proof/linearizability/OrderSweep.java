package org.savedstring.proof.linearizability;

import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.savedstring.proof.linearizability.Operation.RefusedWrite;
import org.savedstring.proof.linearizability.Verdict.Violation;

/** Meets every operation at its invocation, knowing the highest rank that had returned by then. */
final class OrderSweep {

    /** What the sweep found, and when each version had first been seen or acknowledged. */
    record Result(List<Violation> violations, NavigableMap<Long, Long> firstReturnByVersion) {}

    private final PriorityQueue<Placed> running = new PriorityQueue<>(comparingLong(Placed::returnedNanos));
    private final List<Violation> violations = new ArrayList<>();
    private final NavigableMap<Long, Long> firstReturnByVersion = new TreeMap<>();
    private long highestRankReturned;
    private @Nullable Operation highestReturned;

    private OrderSweep(long initialVersion) {
        highestRankReturned = Placed.stateRank(initialVersion);
    }

    static Result sweep(long initialVersion, Collection<Placed> placed, Collection<RefusedWrite> refused) {
        var sweep = new OrderSweep(initialVersion);
        List<Placed> byInvocation = new ArrayList<>(placed);
        refused.forEach(
                refusal -> byInvocation.add(new Placed(Placed.stateRank(refusal.expectedVersion() + 1), refusal)));
        byInvocation.sort(comparingLong(each -> each.operation().invokedNanos()));
        byInvocation.forEach(sweep::meet);
        return new Result(sweep.violations, sweep.firstReturnByVersion);
    }

    private void meet(Placed next) {
        retireReturnedBefore(next.operation().invokedNanos());
        if (next.operation() instanceof RefusedWrite refusal) {
            if (highestRankReturned >= Placed.writeRank(refusal.expectedVersion())) {
                start(next);
            }
            return;
        }
        if (next.rank() < highestRankReturned) {
            report(next.operation());
        }
        start(next);
    }

    private void start(Placed next) {
        running.add(next);
        firstReturnByVersion.merge(next.version(), next.returnedNanos(), Math::min);
    }

    private void retireReturnedBefore(long nanos) {
        for (Placed first = running.peek(); first != null && first.returnedNanos() < nanos; first = running.peek()) {
            if (first.rank() > highestRankReturned) {
                highestRankReturned = first.rank();
                highestReturned = first.operation();
            }
            running.remove();
        }
    }

    private void report(Operation late) {
        Operation early = highestReturned;
        violations.add(new Violation(
                "an older version after a newer one had been answered",
                early == null ? List.of(late) : List.of(early, late)));
    }
}
