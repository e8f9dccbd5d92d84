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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** io_uring for all event loops if the kernel grants each its ring, or else the next transport that is set, for all. */
@Singleton
@Primary
@Replaces(DefaultEventLoopGroupFactory.class)
final class ChosenTransport extends DefaultEventLoopGroupFactory {

    private static final Logger LOG = LoggerFactory.getLogger(ChosenTransport.class);

    /**
     * As many as Netty makes by default. It keeps an object for each, all from the start; more results than that wait in
     * the kernel.
     */
    private static final int COMPLETIONS_MAX = 4_096;

    /** By the name of the group; none if io_uring can't be had. */
    private final Map<String, Rings> rings;

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
            Map<String, Rings> rings) {
        super(rings.isEmpty() ? withoutIoUring(available) : available, configuration);
        this.rings = rings;
    }

    @Override
    public IoHandlerFactory createIoHandlerFactory(EventLoopGroupConfiguration configuration) {
        Rings ofGroup = rings.get(configuration.getName());
        return ofGroup == null ? super.createIoHandlerFactory(configuration) : ofGroup;
    }

    private static Map<String, Rings> rings(Collection<DefaultEventLoopGroupConfiguration> groups) {
        Map<String, Rings> made = new HashMap<>();
        if (!IoUring.isAvailable()) {
            say(IoUring.unavailabilityCause());
            return made;
        }
        try {
            groups.forEach(group -> made.put(group.getName(), ringsOf(group)));
        } catch (RuntimeException e) {
            made.values().forEach(Rings::destroyUnused);
            made.clear();
            say(e);
        }
        return made;
    }

    private static Rings ringsOf(EventLoopGroupConfiguration group) {
        return new Rings(DefaultEventLoopGroupRegistry.numThreads(group), COMPLETIONS_MAX);
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
