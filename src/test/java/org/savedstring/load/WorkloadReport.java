package org.savedstring.load;

import static java.util.Comparator.comparingLong;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.savedstring.machine.Answer;
import org.savedstring.machine.CpuPressure;
import org.savedstring.proof.linearizability.LinearizabilityChecker;
import org.savedstring.proof.linearizability.Operation;
import org.savedstring.proof.linearizability.Operation.Read;
import org.savedstring.proof.linearizability.Operation.RefusedWrite;
import org.savedstring.proof.linearizability.Operation.UnknownWrite;
import org.savedstring.proof.linearizability.Operation.Write;
import org.savedstring.proof.linearizability.Verdict;

/** What a workload saw. */
public record WorkloadReport(
        Answer initial, List<Attempt> attempts, long startedNanos, long endedNanos, CpuPressure pressure) {

    /** A connection that was given up is back after two timeouts, until when its requests are refused. */
    private static final long STALL_NANOS = Duration.ofSeconds(1).toNanos();

    public Verdict verdict() {
        return LinearizabilityChecker.check(
                initial.version(), initial.value(), operations(Operation.class).toList());
    }

    public long acknowledged() {
        return operations(Write.class).count();
    }

    public long unknown() {
        return operations(UnknownWrite.class).count();
    }

    /** Acknowledged writes that are not what the store, now, keeps under their version, though it doesn't say so. */
    public long lost(NavigableMap<Long, String> valueByVersion, Set<Long> saidToBeLost) {
        long oldest = valueByVersion.isEmpty() ? 0 : valueByVersion.firstKey();
        return notKept(valueByVersion)
                .filter(write -> write.version() >= oldest && !saidToBeLost.contains(write.version()))
                .count();
    }

    /** Acknowledged writes that the store doesn't keep, and says so. */
    public long saidToBeLost(NavigableMap<Long, String> valueByVersion, Set<Long> saidToBeLost) {
        return notKept(valueByVersion)
                .filter(write -> saidToBeLost.contains(write.version()))
                .count();
    }

    private Stream<Write> notKept(NavigableMap<Long, String> valueByVersion) {
        return operations(Write.class).filter(write -> !write.value().equals(valueByVersion.get(write.version())));
    }

    /** The same without what says nothing any more: a change of a version that was lost since is refused, and rightly so. */
    public WorkloadReport knowing(Set<Long> lostVersions) {
        List<Attempt> told = attempts.stream()
                .map(attempt -> attempt.operation() instanceof RefusedWrite refused
                                && lostVersions.contains(refused.expectedVersion())
                        ? new Attempt(
                                attempt.target(),
                                attempt.write(),
                                attempt.invokedNanos(),
                                attempt.returnedNanos(),
                                null,
                                attempt.failure())
                        : attempt)
                .toList();
        return new WorkloadReport(initial, told, startedNanos, endedNanos, pressure);
    }

    /** Whether somebody who asked after this time was shown a version that was lost. */
    public boolean showedAfter(long nanos, Set<Long> lostVersions) {
        return operations(Read.class)
                .anyMatch(read -> read.invokedNanos() > nanos && lostVersions.contains(read.version()));
    }

    public long failed() {
        return attempts.stream().filter(attempt -> !attempt.succeeded()).count();
    }

    /** How often each failure was met. */
    public Map<String, Long> failures() {
        return failures(attempt -> !attempt.succeeded());
    }

    /**
     * The failures that a busy machine doesn't explain. A service that says in time that Valkey didn't answer within its
     * timeout keeps its promise; where something waited for a CPU most of the time, neither of them is to blame.
     */
    public Map<String, Long> ownFailures() {
        return failures(attempt -> !attempt.succeeded() && !isOwedToTheMachine(attempt));
    }

    private boolean isOwedToTheMachine(Attempt attempt) {
        return String.valueOf(attempt.failure()).startsWith("503 ")
                && pressure.prevailed(attempt.invokedNanos() - STALL_NANOS, attempt.returnedNanos());
    }

    private Map<String, Long> failures(Predicate<Attempt> which) {
        return attempts.stream()
                .filter(which)
                .collect(Collectors.groupingBy(
                        attempt -> (attempt.write() ? "PUT " : "GET ") + attempt.target() + ": " + attempt.failure(),
                        TreeMap::new,
                        Collectors.counting()));
    }

    public Duration readsUnavailable() {
        return longestGap(attempt -> !attempt.write());
    }

    public Duration writesUnavailable() {
        return longestGap(Attempt::write);
    }

    /** How long after this instant every target had read and had written again. */
    public Duration backAfter(long nanos) {
        Map<String, Long> firstSuccess = attempts.stream()
                .filter(attempt -> attempt.succeeded() && attempt.invokedNanos() >= nanos)
                .collect(Collectors.toMap(
                        attempt -> attempt.target() + attempt.write(), Attempt::returnedNanos, Math::min));
        long kinds = attempts.stream()
                .map(attempt -> attempt.target() + attempt.write())
                .distinct()
                .count();
        long last = firstSuccess.size() < kinds
                ? endedNanos
                : firstSuccess.values().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(endedNanos);
        return Duration.ofNanos(last - nanos);
    }

    /** The slowest read by the time in which nothing on this machine waited for a CPU. */
    public Duration slowestReadUndisturbed() {
        return attempts.stream()
                .filter(attempt -> !attempt.write())
                .map(attempt -> pressure.undisturbed(attempt.invokedNanos(), attempt.returnedNanos()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** As {@link #backAfter}, by the time in which nothing on this machine waited for a CPU. */
    public Duration backAfterUndisturbed(long nanos) {
        return pressure.undisturbed(nanos, nanos + backAfter(nanos).toNanos());
    }

    public Duration slowestRead() {
        return Duration.ofNanos(attempts.stream()
                .filter(attempt -> !attempt.write())
                .mapToLong(Attempt::tookNanos)
                .max()
                .orElse(0));
    }

    public Duration medianRead() {
        long[] sorted = attempts.stream()
                .filter(attempt -> !attempt.write() && attempt.succeeded())
                .mapToLong(Attempt::tookNanos)
                .sorted()
                .toArray();
        return Duration.ofNanos(sorted[sorted.length / 2]);
    }

    /** The longest time without a success at any one target. */
    private Duration longestGap(Predicate<Attempt> kind) {
        Map<String, List<Attempt>> byTarget = attempts.stream()
                .filter(kind)
                .collect(Collectors.groupingBy(Attempt::target, HashMap::new, Collectors.toList()));
        return Duration.ofNanos(byTarget.values().stream()
                .mapToLong(this::longestGapNanos)
                .max()
                .orElse(0));
    }

    private long longestGapNanos(List<Attempt> ofOneTarget) {
        long[] successes = LongStream.concat(
                        LongStream.of(startedNanos, endedNanos),
                        ofOneTarget.stream().filter(Attempt::succeeded).mapToLong(Attempt::returnedNanos))
                .sorted()
                .toArray();
        return LongStream.range(1, successes.length)
                .map(i -> successes[(int) i] - successes[(int) i - 1])
                .max()
                .orElse(0);
    }

    private <T extends Operation> Stream<T> operations(Class<T> type) {
        return attempts.stream()
                .sorted(comparingLong(Attempt::invokedNanos))
                .map(Attempt::operation)
                .filter(Objects::nonNull)
                .filter(type::isInstance)
                .map(type::cast);
    }
}
