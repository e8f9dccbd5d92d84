package org.savedstring.keys;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often a minute, and how often at once, each may do something: the generic cell rate algorithm (ITU-T I.371),
 * which remembers one moment for each, for no more of them than it may; the one that has been away longest is forgotten
 * first.
 */
public final class Allowances {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final int perMinute;
    private final LongSupplier nanoClock;
    private final Map<String, Long> paidUntilNanos;

    /**
     * @param perMinute 0 for no limit
     * @param rememberedMax how many are remembered
     * @param nanoClock a clock like {@link System#nanoTime}
     */
    public Allowances(int perMinute, int rememberedMax, LongSupplier nanoClock) {
        this.perMinute = perMinute;
        this.nanoClock = nanoClock;
        this.paidUntilNanos = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > rememberedMax;
            }
        };
    }

    public int perMinute() {
        return perMinute;
    }

    /** Takes one; answers how long until there is one again, which is zero if there was. */
    public synchronized Duration take(String who) {
        if (perMinute == 0) {
            return Duration.ZERO;
        }
        long now = nanoClock.getAsLong();
        long before = paidUntilNanos.getOrDefault(who, now);
        long after = (before - now > 0 ? before : now) + PERIOD.toNanos() / perMinute;
        long waitNanos = after - now - PERIOD.toNanos();
        if (waitNanos > 0) {
            return Duration.ofNanos(waitNanos);
        }
        paidUntilNanos.put(who, after);
        return Duration.ZERO;
    }

    int remembered() {
        return paidUntilNanos.size();
    }
}
