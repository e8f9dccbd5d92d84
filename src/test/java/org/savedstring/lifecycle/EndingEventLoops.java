package org.savedstring.lifecycle;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;

/** Ends the event loops of a group once the service has started, in a process that asks for it. */
@Singleton
@Requires(property = EndingEventLoops.GROUP)
final class EndingEventLoops implements ApplicationEventListener<ServerStartupEvent> {

    static final String GROUP = "ending-event-loops";

    private final EventLoopGroupRegistry registry;
    private final String group;

    EndingEventLoops(EventLoopGroupRegistry registry, @Value("${" + GROUP + "}") String group) {
        this.registry = registry;
        this.group = group;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        registry.getEventLoopGroup(group).orElseThrow().shutdownGracefully();
    }
}
