package org.savedstring.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.valkey.Connections;
import org.savedstring.store.valkey.ValkeySettings;
import org.savedstring.store.valkey.ValkeyStringStore;

/** Opens the Valkey store as the service does, with two event loops of its own. */
public final class Valkey implements AutoCloseable {

    /** As long as a command may take in the service. */
    private static final Duration SERVICE_TIMEOUT = Duration.ofMillis(480);

    /** Many times as long, for what has nothing to do with how soon an answer comes: the machine may be busy. */
    private static final Duration PATIENT_TIMEOUT = Duration.ofSeconds(3);

    /** Of the kind that the service prefers. */
    private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
            2, IoUring.isAvailable() ? IoUringIoHandler.newFactory() : NioIoHandler.newFactory());

    private final ValkeySettings settings;
    private final int versionsMax;

    Valkey(ValkeySettings settings) {
        this(settings, StringStoreContract.VERSIONS_MAX);
    }

    Valkey(ValkeySettings settings, int versionsMax) {
        this.settings = settings;
        this.versionsMax = versionsMax;
    }

    /** Plain: no encryption, nobody signs in. */
    public static ValkeySettings settings(String address, int confirmingReplicas) {
        return settings(address, confirmingReplicas, null, null, null);
    }

    /** Encrypted if there is a file of certificates to trust. */
    static ValkeySettings settings(
            String address,
            int confirmingReplicas,
            @Nullable Path tlsCaFile,
            @Nullable String username,
            @Nullable Path passwordFile) {
        return new ValkeySettings(
                address,
                tlsCaFile != null,
                tlsCaFile,
                username,
                passwordFile,
                null,
                null,
                Duration.ofMinutes(10),
                confirmingReplicas,
                PATIENT_TIMEOUT,
                Duration.ofMillis(15),
                Duration.ofMinutes(1),
                1_000,
                Duration.ofMillis(20));
    }

    /** As impatient as the service. */
    public static ValkeySettings impatient(ValkeySettings settings) {
        return with(settings, SERVICE_TIMEOUT, settings.connectAtStartTimeout());
    }

    /** For what is given up only if it hangs. */
    static ValkeySettings withoutHurry(ValkeySettings settings) {
        return with(settings, Duration.ofSeconds(30), settings.connectAtStartTimeout());
    }

    /** Waits very long for the last replica. */
    static ValkeySettings waitingForTheLastReplica(ValkeySettings settings) {
        return with(settings, Duration.ofSeconds(30), Duration.ofSeconds(30), settings.connectAtStartTimeout());
    }

    /** Given up soon after the start if it doesn't succeed. */
    static ValkeySettings withShortStart(ValkeySettings settings) {
        return with(settings, settings.timeout(), Duration.ofSeconds(2));
    }

    private static ValkeySettings with(ValkeySettings settings, Duration timeout, Duration connectAtStartTimeout) {
        return with(settings, timeout, settings.lastReplicaTimeout(), connectAtStartTimeout);
    }

    private static ValkeySettings with(
            ValkeySettings settings, Duration timeout, Duration lastReplicaTimeout, Duration connectAtStartTimeout) {
        return new ValkeySettings(
                settings.address(),
                settings.tls(),
                settings.tlsCaFile(),
                settings.username(),
                settings.passwordFile(),
                null,
                null,
                settings.iamRefresh(),
                settings.confirmingReplicas(),
                timeout,
                lastReplicaTimeout,
                connectAtStartTimeout,
                settings.requestsWaitingMax(),
                settings.gatheringMax());
    }

    /** Does nothing else until the latch is released: what all but the last event loop do in a flood of requests. */
    void occupyAllButTheLastEventLoop(CountDownLatch latch) {
        List<EventLoop> loops = loops();
        loops.removeLast();
        loops.forEach(loop -> loop.execute(() -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private List<EventLoop> loops() {
        List<EventLoop> loops = new ArrayList<>();
        eventLoops.forEach(executor -> loops.add((EventLoop) executor));
        return loops;
    }

    StringStore open() {
        return open(LossPolicy.REFUSE);
    }

    StringStore open(LossPolicy lossPolicy) {
        return new ValkeyStringStore(
                settings, new Connections(settings, loops(), new SimpleMeterRegistry()), versionsMax, lossPolicy);
    }

    @Override
    public void close() {
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
