package org.savedstring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.savedstring.keys.ApiKeys;
import org.savedstring.store.LossPolicy;
import org.savedstring.store.StringStore;
import org.savedstring.store.embedded.EmbeddedStringStore;
import org.savedstring.store.valkey.Connections;
import org.savedstring.store.valkey.ValkeySettings;
import org.savedstring.store.valkey.ValkeyStringStore;

/** Opens the store that was chosen; there is no default. */
@Factory
final class StoreFactory {

    private final int historyVersionsMax;
    private final LossPolicy lossPolicy;

    StoreFactory(
            @Value("${saved-string.history-versions-max}") int historyVersionsMax,
            @Value("${saved-string.store-loss}") LossPolicy lossPolicy) {
        this.historyVersionsMax = historyVersionsMax;
        this.lossPolicy = lossPolicy;
    }

    /** Only once the keys are known: without any there is no point in connecting. */
    @Context
    @Bean(preDestroy = "close")
    StringStore store(
            @Value("${saved-string.store}") String chosen,
            @Value("${saved-string.embedded.file}") Path file,
            BeanProvider<ValkeySettings> settings,
            EventLoopGroupRegistry eventLoops,
            MeterRegistry meters,
            ApiKeys keysFirst) {
        return chosen.equals("embedded")
                ? new EmbeddedStringStore(file, historyVersionsMax, lossPolicy, Clock.systemUTC())
                : valkey(settings.get(), eventLoops, meters);
    }

    /**
     * Takes the server's own event loops, so that a request and the read that it waits for share a thread; and one more
     * for what no request waits for: the change feed and the reads that confirm open pages must not wait behind a flood
     * of new connections, or every page would be cut off and come back.
     */
    private StringStore valkey(ValkeySettings settings, EventLoopGroupRegistry registry, MeterRegistry meters) {
        List<EventLoop> eventLoops = new ArrayList<>();
        registry.getDefaultEventLoopGroup().forEach(executor -> eventLoops.add((EventLoop) executor));
        registry.getEventLoopGroup("store").orElseThrow().forEach(executor -> eventLoops.add((EventLoop) executor));
        return new ValkeyStringStore(
                settings, new Connections(settings, eventLoops, meters), historyVersionsMax, lossPolicy);
    }
}
