package org.savedstring.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import org.savedstring.keys.ApiKeys;
import org.savedstring.live.EventStreams;

/** Gauges of the present state; what happens is counted where it happens. */
@Context
final class ServiceMetrics {

    ServiceMetrics(MeterRegistry registry, EventStreams streams, ApiKeys keys) {
        Gauge.builder("saved.string.event.streams", streams, EventStreams::openCount)
                .description("Open event streams")
                .register(registry);
        FunctionCounter.builder("saved.string.event.streams.dropped", streams, EventStreams::droppedCount)
                .description("Event streams ended because their reader did not read")
                .register(registry);
        Gauge.builder("saved.string.version", streams, EventStreams::latestVersion)
                .description("The newest version that this instance has seen")
                .register(registry);
        Gauge.builder("saved.string.api.keys", keys, ApiKeys::count)
                .description("API keys that are valid")
                .register(registry);
        Gauge.builder(
                        "saved.string.api.keys.refused",
                        keys,
                        known -> known.trouble().isPresent() ? 1 : 0)
                .description("Whether the list of API keys is refused, wholly or in part")
                .register(registry);
    }
}
