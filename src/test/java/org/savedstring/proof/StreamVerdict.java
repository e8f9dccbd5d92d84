package org.savedstring.proof;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.savedstring.load.Attempt;
import org.savedstring.machine.EventStream.Kind;
import org.savedstring.machine.EventStream.Told;
import org.savedstring.proof.linearizability.Operation.Write;

/**
 * Whether what an open page was told is right: versions rise, without a gap on one stream and none where it was resumed
 * soon; none was shown that the store doesn't keep; and nothing was said to be current at a time at which a newer version
 * had been acknowledged.
 *
 * @param longestStaleClaim how long the page showed an older string than the one acknowledged, claiming that it was current,
 *     as it does for four seconds after it was told so, and until it next looks, unless its stream ends
 */
record StreamVerdict(List<String> violations, Duration longestStaleClaim) {

    private static final Duration CLOCKS_DIFFER_MAX = Duration.ofMinutes(1);
    private static final Duration CLAIM = Duration.ofMillis(4_250);

    /** Whoever was away for longer, or missed more, may be given the current state alone. */
    private static final Duration AWAY_MAX = Duration.ofSeconds(20);

    private static final long MISSED_MAX = 500;

    /**
     * Judges.
     *
     * @param told in the order in which it was told
     * @param attempts what was written meanwhile, by whomever
     * @param kept every version of that time that the store keeps
     * @param lost the versions that the store says it lost: a page that had them, or didn't yet, goes on after them
     */
    static StreamVerdict of(List<Told> told, List<Attempt> attempts, NavigableMap<Long, String> kept, Set<Long> lost) {
        TreeMap<Long, Long> acknowledgedNanos = new TreeMap<>();
        for (Attempt attempt : attempts) {
            if (attempt.operation() instanceof Write write) {
                acknowledgedNanos.put(write.version(), attempt.returnedNanos());
            }
        }
        List<String> violations = new ArrayList<>();
        checkOrder(told, lost, violations);
        checkKept(told, kept, lost, violations);
        checkConfirmations(told, acknowledgedNanos, violations);
        return new StreamVerdict(violations, longestStaleClaim(told, acknowledgedNanos));
    }

    private static void checkOrder(List<Told> told, Set<Long> lost, List<String> violations) {
        long last = -1;
        long heardNanos = 0;
        long awayNanos = 0;
        boolean opened = false;
        for (Told each : told) {
            if (each.kind() == Kind.OPENED) {
                opened = true;
                awayNanos = each.atNanos() - heardNanos;
            } else if (each.kind() == Kind.VERSION) {
                long step = each.version() - last - lostBetween(last, each.version(), lost);
                boolean exact = last < 0 || step == 1 || (opened && step == 0);
                boolean late = opened && (awayNanos > AWAY_MAX.toNanos() || step > MISSED_MAX);
                if (step < 0 || (!exact && !late)) {
                    violations.add("version %d was followed by version %d%s"
                            .formatted(last, each.version(), opened ? ", resumed" : ""));
                }
                last = each.version();
                opened = false;
            }
            if (each.kind() != Kind.ENDED) {
                heardNanos = each.atNanos();
            }
        }
    }

    private static long lostBetween(long last, long next, Set<Long> lost) {
        return LongStream.range(last + 1, next).filter(lost::contains).count();
    }

    private static void checkKept(
            List<Told> told, NavigableMap<Long, String> kept, Set<Long> lost, List<String> violations) {
        told.stream()
                .filter(each -> each.kind() == Kind.VERSION && !kept.isEmpty() && each.version() >= kept.firstKey())
                .filter(each -> !kept.containsKey(each.version()) && !lost.contains(each.version()))
                .forEach(each -> violations.add("version " + each.version() + " was shown, and is not kept"));
    }

    private static void checkConfirmations(
            List<Told> told, TreeMap<Long, Long> acknowledgedNanos, List<String> violations) {
        Instant now = Clock.systemUTC().instant();
        long nowNanos = System.nanoTime();
        for (Told each : told) {
            Instant receivedAt = now.minusNanos(nowNanos - each.atNanos());
            if (each.kind() == Kind.CONFIRMED && isBySameClock(each.confirmedAt(), receivedAt)) {
                long confirmedNanos =
                        nowNanos - Duration.between(each.confirmedAt(), now).toNanos();
                acknowledgedNanos.tailMap(each.version(), false).forEach((version, nanos) -> {
                    if (nanos < confirmedNanos) {
                        violations.add(
                                "version %d was said to be current at %s, %d ms after version %d was acknowledged"
                                        .formatted(
                                                each.version(),
                                                each.confirmedAt(),
                                                (confirmedNanos - nanos) / 1_000_000,
                                                version));
                    }
                });
            }
        }
    }

    /** The time that an instance whose clock was set says can't be compared with ours; when it came here can. */
    private static boolean isBySameClock(@Nullable Instant confirmedAt, Instant receivedAt) {
        return confirmedAt != null
                && Duration.between(confirmedAt, receivedAt).abs().compareTo(CLOCKS_DIFFER_MAX) <= 0;
    }

    private static Duration longestStaleClaim(List<Told> told, TreeMap<Long, Long> acknowledgedNanos) {
        long longest = 0;
        long claimedSince = 0;
        long claimedUntil = Long.MIN_VALUE;
        for (int i = 0; i < told.size(); i++) {
            Told each = told.get(i);
            if (each.kind() == Kind.OPENED || each.kind() == Kind.ENDED) {
                continue;
            }
            long next = i + 1 < told.size() ? told.get(i + 1).atNanos() : Long.MAX_VALUE;
            claimedSince = each.atNanos() > claimedUntil ? each.atNanos() : claimedSince;
            claimedUntil = Math.min(next, each.atNanos() + CLAIM.toNanos());
            long newerSince = acknowledgedNanos.tailMap(each.version(), false).values().stream()
                    .mapToLong(Long::longValue)
                    .min()
                    .orElse(Long.MAX_VALUE);
            longest = newerSince < claimedUntil
                    ? Math.max(longest, claimedUntil - Math.max(newerSince, claimedSince))
                    : longest;
        }
        return Duration.ofNanos(longest);
    }
}
