package org.savedstring.proof.linearizability;

import static java.util.Comparator.comparingLong;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.savedstring.proof.linearizability.Operation.UnknownWrite;
import org.savedstring.proof.linearizability.Verdict.Violation;

/** Finds a write of unknown outcome for every version that nobody acknowledged or saw. */
final class GapFilling {

    private final NavigableMap<Long, Long> deadlineByVersion;
    private final Map<Long, UnknownWrite> conditionalByVersion;
    private final Deque<UnknownWrite> unconditional;

    private GapFilling(NavigableMap<Long, Long> deadlineByVersion, Collection<UnknownWrite> unseen) {
        this.deadlineByVersion = deadlineByVersion;
        this.conditionalByVersion = unseen.stream()
                .filter(write -> write.expectedVersion() != Operation.ANY_VERSION)
                .collect(Collectors.toMap(
                        write -> write.expectedVersion() + 1, Function.identity(), GapFilling::earlier, HashMap::new));
        this.unconditional = unseen.stream()
                .filter(write -> write.expectedVersion() == Operation.ANY_VERSION)
                .sorted(comparingLong(UnknownWrite::invokedNanos))
                .collect(Collectors.toCollection(ArrayDeque::new));
    }

    static List<Violation> check(
            long initialVersion,
            Set<Long> written,
            NavigableMap<Long, Long> firstReturnByVersion,
            Collection<UnknownWrite> unseen) {
        if (firstReturnByVersion.isEmpty() || firstReturnByVersion.lastKey() <= initialVersion) {
            return List.of();
        }
        long last = firstReturnByVersion.lastKey();
        if (last - initialVersion - written.size() > unseen.size()) {
            return List.of(new Violation("more versions than writes: " + last, List.of()));
        }
        var filling = new GapFilling(deadlines(firstReturnByVersion), unseen);
        var violations = new ArrayList<Violation>();
        for (long version = initialVersion + 1; version <= last; version++) {
            if (!written.contains(version) && !filling.fill(version)) {
                violations.add(new Violation("no write can have made version " + version, List.of()));
            }
        }
        return violations;
    }

    private boolean fill(long version) {
        long deadline = deadlineByVersion.ceilingEntry(version).getValue();
        UnknownWrite conditional = conditionalByVersion.get(version);
        if (conditional != null && conditional.invokedNanos() <= deadline) {
            return true;
        }
        UnknownWrite earliest = unconditional.peek();
        if (earliest == null || earliest.invokedNanos() > deadline) {
            return false;
        }
        unconditional.remove();
        return true;
    }

    /** The first return of this version or any later one. */
    private static NavigableMap<Long, Long> deadlines(NavigableMap<Long, Long> firstReturnByVersion) {
        var deadlines = new TreeMap<Long, Long>();
        long deadline = Long.MAX_VALUE;
        for (Map.Entry<Long, Long> entry : firstReturnByVersion.descendingMap().entrySet()) {
            deadline = Math.min(deadline, entry.getValue());
            deadlines.put(entry.getKey(), deadline);
        }
        return deadlines;
    }

    private static UnknownWrite earlier(UnknownWrite one, UnknownWrite other) {
        return one.invokedNanos() <= other.invokedNanos() ? one : other;
    }
}
