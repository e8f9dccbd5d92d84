package org.savedstring.lifecycle;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.runtime.event.annotation.EventListener;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when one of its event loops has ended by itself, for want of memory for example: a new process is
 * better than one that never answers half of its connections.
 */
@Context
final class EventLoopWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoopWatch.class);
    private static final int EXIT_CODE = 3;

    /** The one that accepts connections, and the store's. */
    private static final List<String> OTHERS = List.of(NettyHttpServerConfiguration.Parent.NAME, "store");

    private final Draining draining;
    private volatile boolean closing;

    EventLoopWatch(EventLoopGroupRegistry registry, Draining draining) {
        this.draining = draining;
        watch(registry.getDefaultEventLoopGroup());
        for (String other : OTHERS) {
            registry.getEventLoopGroup(other).ifPresent(this::watch);
        }
    }

    private void watch(EventLoopGroup eventLoops) {
        for (EventExecutor eventLoop : eventLoops) {
            eventLoop.terminationFuture().addListener(ended -> endUnlessClosing());
        }
    }

    @EventListener
    void closing(ShutdownEvent event) {
        closing = true;
    }

    private void endUnlessClosing() {
        if (!closing && !draining.isDraining()) {
            LOG.error("an event loop has ended; so does this process");
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
