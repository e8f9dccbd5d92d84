package org.savedstring.connection;

import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.netty.channel.DefaultEventLoopGroupConfiguration;
import io.micronaut.http.netty.channel.DefaultEventLoopGroupFactory;
import io.micronaut.http.netty.channel.DefaultEventLoopGroupRegistry;
import io.micronaut.http.netty.channel.EventLoopGroupConfiguration;
import io.micronaut.http.netty.channel.EventLoopGroupFactory;
import io.micronaut.http.netty.channel.IoUringEventLoopGroupFactory;
import io.micronaut.http.netty.configuration.NettyGlobalConfiguration;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** io_uring for all event loops if the kernel grants each its ring, or else the next transport that is set, for all. */
@Singleton
@Primary
@Replaces(DefaultEventLoopGroupFactory.class)
final class ChosenTransport extends DefaultEventLoopGroupFactory {

    private static final Logger LOG = LoggerFactory.getLogger(ChosenTransport.class);

    /** For all event loops; null if io_uring can't be had. */
    private final @Nullable Rings rings;

    /** @param groups those of the settings, each of which is made */
    @Inject
    ChosenTransport(
            Map<String, EventLoopGroupFactory> available,
            NettyGlobalConfiguration configuration,
            Collection<DefaultEventLoopGroupConfiguration> groups) {
        this(available, configuration, rings(groups));
    }

    private ChosenTransport(
            Map<String, EventLoopGroupFactory> available,
            NettyGlobalConfiguration configuration,
            @Nullable Rings rings) {
        super(rings == null ? withoutIoUring(available) : available, configuration);
        this.rings = rings;
    }

    @Override
    public IoHandlerFactory createIoHandlerFactory(EventLoopGroupConfiguration configuration) {
        return rings == null ? super.createIoHandlerFactory(configuration) : rings;
    }

    private static @Nullable Rings rings(Collection<DefaultEventLoopGroupConfiguration> groups) {
        if (!IoUring.isAvailable()) {
            say(IoUring.unavailabilityCause());
            return null;
        }
        try {
            return new Rings(groups.stream()
                    .mapToInt(DefaultEventLoopGroupRegistry::numThreads)
                    .sum());
        } catch (RuntimeException e) {
            say(e);
            return null;
        }
    }

    private static Map<String, EventLoopGroupFactory> withoutIoUring(Map<String, EventLoopGroupFactory> available) {
        Map<String, EventLoopGroupFactory> others = new HashMap<>(available);
        others.remove(IoUringEventLoopGroupFactory.NAME);
        return others;
    }

    private static void say(Throwable reason) {
        LOG.info(
                "io_uring can't be had for every event loop, so the next best is used: {}{}",
                reason.getMessage(),
                help(String.valueOf(reason.getMessage())));
    }

    /** What io_uring_setup(2) says of ENOMEM and EPERM. */
    private static String help(String reason) {
        if (reason.contains("Cannot allocate memory")) {
            return "; let the service lock more memory (LimitMEMLOCK in its unit, or ulimit -l)";
        }
        if (reason.contains("Operation not permitted")) {
            return "; allow it (kernel.io_uring_disabled, or the profile of seccomp)";
        }
        return "";
    }
}
