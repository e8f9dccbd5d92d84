package org.savedstring.store.valkey;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * What the store counts.
 *
 * @param reads reads asked for; divided by the number of read round trips: how many each served
 * @param readTrips round trips with a read, with the confirmation by replicas
 * @param otherTrips round trips with writes and the rest
 * @param connectionsLost connections that were lost or given up
 * @param versionsLost versions that the store had confirmed and came back without
 */
record StoreMetrics(Counter reads, Timer readTrips, Timer otherTrips, Counter connectionsLost, Counter versionsLost) {

    static StoreMetrics in(MeterRegistry registry) {
        return new StoreMetrics(
                Counter.builder("saved.string.store.reads")
                        .description("Reads of the string; many share one round trip")
                        .register(registry),
                roundTrips(registry, "read"),
                roundTrips(registry, "other"),
                Counter.builder("saved.string.store.connections.lost")
                        .description("Connections to Valkey that were lost or given up")
                        .register(registry),
                Counter.builder("saved.string.store.versions.lost")
                        .description("Versions that were confirmed and are no longer in the store")
                        .register(registry));
    }

    private static Timer roundTrips(MeterRegistry registry, String kind) {
        return Timer.builder("saved.string.store.round.trips")
                .description("Round trips to Valkey, with the confirmation by replicas")
                .tag("kind", kind)
                .register(registry);
    }
}
