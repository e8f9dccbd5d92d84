package org.savedstring.store.valkey;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DefaultDnsCnameCache;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Opens the connections to Valkey, each on the event loop of the server that will use it, and closes them all. */
public final class Connections implements AutoCloseable {

    private static final int NAME_SECONDS_MAX = 5;

    private final ValkeySettings settings;
    private final List<EventLoop> eventLoops;
    private final Transport transport;
    private final StoreMetrics metrics;
    private final ClientResources shared;
    private final RedisCredentialsProvider credentials;
    private final HighestConfirmed confirmed;
    private final StreamCalls stream;
    private final Nodes nodes;
    private final PrimaryLocator locator;
    private final Troubles troubles = new Troubles();
    private final List<PrimaryConnection> opened = new CopyOnWriteArrayList<>();

    public Connections(ValkeySettings settings, List<EventLoop> eventLoops, MeterRegistry registry) {
        this(
                settings,
                eventLoops,
                registry,
                () -> DefaultCredentialsProvider.builder().build());
    }

    Connections(
            ValkeySettings settings,
            List<EventLoop> eventLoops,
            MeterRegistry registry,
            Supplier<AwsCredentialsProvider> awsCredentials) {
        this.metrics = StoreMetrics.in(registry);
        this.credentials = credentials(settings, awsCredentials);
        this.settings = settings;
        this.eventLoops = eventLoops;
        this.transport = Transport.of(eventLoops);
        this.nodes = new Nodes(settings.addresses().stream()
                .map(address -> RedisURI.builder(address)
                        .withTimeout(settings.timeout())
                        .build())
                .toList());
        this.shared = ClientResources.builder()
                .eventLoopGroupProvider(new BorrowedEventLoop(eventLoops.getFirst()))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .addressResolverGroup(new AddressesInTurn(names(transport), nodes))
                .build();
        this.confirmed = new HighestConfirmed(metrics.versionsLost());
        this.stream = new StreamCalls(ValkeyStringStore.keys(settings), confirmed);
        this.locator = new PrimaryLocator(credentials, nodes, stream, settings.timeout());
        locator.onFound(() -> opened.forEach(PrimaryConnection::attemptNow));
    }

    StoreMetrics metrics() {
        return metrics;
    }

    Transport transport() {
        return transport;
    }

    List<EventLoop> eventLoops() {
        return eventLoops;
    }

    PrimaryConnection open(String purpose, EventLoop eventLoop) {
        RedisClient client = new AsyncClient(shared, transport, eventLoop);
        client.setOptions(options());
        PrimaryConnection connection = new PrimaryConnection(
                purpose, new Loop(eventLoop), client, locator, troubles, metrics.connectionsLost());
        if (credentials instanceof IamCredentials iam) {
            iam.keepSignedIn(connection);
        }
        opened.add(connection);
        return connection;
    }

    StreamCalls stream() {
        return stream;
    }

    Nodes nodes() {
        return nodes;
    }

    Troubles troubles() {
        return troubles;
    }

    /** Calls back each time a connection was lost. */
    void onLost(Runnable listener) {
        locator.onLost(listener);
    }

    @Override
    public void close() {
        // The event loops are the server's and end soon after this: what is open must be closed by then.
        CompletableFuture.allOf(opened.stream().map(PrimaryConnection::close).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
        shared.shutdown(0, 1, TimeUnit.SECONDS);
    }

    /**
     * A failover may change what a name stands for, before its record says that it may. The socket is open only during a
     * query: an idle one would keep its receive buffer beyond the end of its event loop.
     */
    private static DnsNameResolverBuilder names(Transport transport) {
        return new DnsNameResolverBuilder()
                .datagramChannelType(transport.datagramChannel())
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .socketChannelType(transport.socketChannel())
                .resolveCache(new DefaultDnsCache(0, NAME_SECONDS_MAX, 0))
                .cnameCache(new DefaultDnsCnameCache(0, NAME_SECONDS_MAX));
    }

    private ClientOptions options() {
        return ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP2)
                // Reconnecting is this package's own business: nothing that was sent may ever be sent again.
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(settings.requestsWaitingMax())
                .pingBeforeActivateConnection(false)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.create())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.timeout())
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .sslOptions(sslOptions())
                .build();
    }

    private SslOptions sslOptions() {
        SslOptions.Builder builder = SslOptions.builder().jdkSslProvider();
        if (settings.tlsCaFile() != null) {
            builder.trustManager(settings.tlsCaFile().toFile());
        }
        return builder.build();
    }

    private static RedisCredentialsProvider credentials(
            ValkeySettings settings, Supplier<AwsCredentialsProvider> awsCredentials) {
        if (settings.iamReplicationGroup() != null) {
            return iamCredentials(settings, awsCredentials.get());
        }
        Path file = settings.passwordFile();
        return file == null ? Mono::empty : passwordCredentials(settings.username(), file);
    }

    private static RedisCredentialsProvider iamCredentials(
            ValkeySettings settings, AwsCredentialsProvider credentials) {
        String user = String.valueOf(settings.username());
        IamToken token = new IamToken(
                credentials,
                String.valueOf(settings.iamReplicationGroup()),
                user,
                String.valueOf(settings.iamRegion()),
                Clock.systemUTC());
        return new IamCredentials(user, token::create, settings.iamRefresh());
    }

    /** Read at each sign-in, so that a changed password needs no restart. */
    private static RedisCredentialsProvider passwordCredentials(@Nullable String user, Path file) {
        return () -> Mono.fromCallable(() -> RedisCredentials.just(user, password(file)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "saved-string.valkey.password-file: %s (expected: a file that can be read)".formatted(file));
        }
    }

    /**
     * Hands out an event loop, whatever kind is asked for, which {@link AsyncClient} replaces by that of each connection;
     * it isn't the client's to shut down.
     */
    private record BorrowedEventLoop(EventLoop eventLoop) implements EventLoopGroupProvider {

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            return (T) eventLoop;
        }

        @Override
        public int threadPoolSize() {
            return 1;
        }

        @Override
        public Future<Boolean> release(EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }

        @Override
        public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }
    }
}
