package org.savedstring.proof.linearizability;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.savedstring.proof.linearizability.Operation.Read;
import org.savedstring.proof.linearizability.Operation.RefusedWrite;
import org.savedstring.proof.linearizability.Operation.UnknownWrite;
import org.savedstring.proof.linearizability.Operation.Write;
import org.savedstring.proof.linearizability.Verdict.Violation;

/**
 * Decides exactly, in O(n log n), whether a history of one register with versions is linearizable: whether every
 * operation could have happened at one instant between its invocation and its return, each write making the next version
 * of the one before it and each read showing the state of its instant.
 *
 * <p>In general that question is NP-complete. The versions make it easy, because they already say in which order the
 * operations must have happened:
 *
 * <ol>
 *   <li><b>One writer per version.</b> Each version is written by one write and read with that write's value. A write
 *       whose outcome is unknown gets its version from whoever read its value.
 *   <li><b>Order.</b> Every operation has a rank: write <i>n</i> has rank 2<i>n</i>, a read of <i>n</i> has 2<i>n</i>+1.
 *       A legal order is one of rising ranks, where reads of the same version may stand in any order. So a linearization
 *       exists if and only if no operation returned before the invocation of one with a lower rank: then sorting by rank
 *       and, within a rank, by invocation contradicts no clock. Sweeping over the invocations, with the highest rank
 *       returned so far, finds every operation that breaks this.
 *   <li><b>Refusals.</b> A write refused because the version was not <i>e</i> happened either before <i>e</i> was written
 *       or after <i>e</i>+1 was. If nothing of rank 2<i>e</i> or higher had returned before it was invoked, the first is
 *       possible and demands nothing of anybody. Otherwise it is as good as a read of version <i>e</i>+1 <i>or newer</i>:
 *       by the time it returned, that version existed.
 *   <li><b>Gaps.</b> A version that nobody acknowledged or read, below one that somebody did, was written by a write of
 *       unknown outcome that nobody read, and which one is free to choose. Such a write has no latest time, only its
 *       invocation, which must not come after the return of any operation that saw this version or a later one. These
 *       bounds rise with the version, so giving the earliest invocations to the lowest gaps finds a choice if there is one.
 *       A conditional write fits one version only and is used there first.
 * </ol>
 */
public final class LinearizabilityChecker {

    private final long initialVersion;
    private final List<Placed> placed = new ArrayList<>();
    private final List<RefusedWrite> refused = new ArrayList<>();
    private final Map<String, UnknownWrite> unseenByValue = new HashMap<>();
    private final TreeMap<Long, Operation> writerByVersion = new TreeMap<>();
    private final Map<String, Long> versionByValue = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private LinearizabilityChecker(long initialVersion, String initialValue) {
        this.initialVersion = initialVersion;
        versionByValue.put(initialValue, initialVersion);
    }

    /** Checks a history that began with this state, which no recorded write made. */
    public static Verdict check(long initialVersion, String initialValue, Collection<? extends Operation> history) {
        var checker = new LinearizabilityChecker(initialVersion, initialValue);
        history.forEach(checker::placeWrite);
        history.forEach(checker::placeRead);
        var order = OrderSweep.sweep(initialVersion, checker.placed, checker.refused);
        checker.violations.addAll(order.violations());
        checker.violations.addAll(GapFilling.check(
                initialVersion,
                checker.writerByVersion.keySet(),
                order.firstReturnByVersion(),
                checker.unseenByValue.values()));
        return new Verdict(history.size(), List.copyOf(checker.violations));
    }

    private void placeWrite(Operation operation) {
        switch (operation) {
            case Write write -> place(write, write.version(), write.expectedVersion());
            case UnknownWrite unknown -> unseenByValue.put(unknown.value(), unknown);
            case RefusedWrite refusal -> refused.add(refusal);
            default -> {}
        }
    }

    private void placeRead(Operation operation) {
        if (operation instanceof Read read) {
            UnknownWrite revealed = unseenByValue.remove(read.value());
            if (revealed != null) {
                place(revealed, read.version(), revealed.expectedVersion());
            }
            checkValue(read);
            placed.add(new Placed(Placed.stateRank(read.version()), read));
        }
    }

    private void place(Operation write, long version, long expectedVersion) {
        if (expectedVersion != Operation.ANY_VERSION && version != expectedVersion + 1) {
            report("a conditional write made a version other than the next", write);
        }
        if (version <= initialVersion) {
            report("a write made a version that was there before", write);
        }
        Operation other = writerByVersion.putIfAbsent(version, write);
        if (other != null) {
            report("two writes made the same version", other, write);
        }
        if (versionByValue.putIfAbsent(write.value(), version) != null) {
            report("a value was written twice", write);
        }
        placed.add(new Placed(Placed.writeRank(version), write));
    }

    private void checkValue(Read read) {
        Long version = versionByValue.get(read.value());
        if (version == null) {
            report("a read showed a value that nobody wrote", read);
        } else if (version != read.version()) {
            report("a read showed a value under a version that is not its own", read);
        }
    }

    private void report(String rule, Operation... operations) {
        violations.add(new Violation(rule, List.of(operations)));
    }
}
