package org.savedstring.store.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.ServiceUser;
import org.savedstring.store.LossPolicy;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Signing in to ElastiCache with the instance's role, on connections that are encrypted and stay open for long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IamSignInTest {

    private static final Duration TRIES_MAX = Duration.ofMinutes(5);
    private static final Duration TRY_MAX = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration EVERY_SECOND = Duration.ofSeconds(1);
    /** It is tried again until then. */
    private static final Duration REFUSED_AFTER = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Of two event loops one each, one for writes, one for the history, one for the change feed. */
    private static final int CONNECTIONS = 5;

    @TempDir
    private static Path directory;

    /** Of the kind that the service prefers. */
    private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
            2, IoUring.isAvailable() ? IoUringIoHandler.newFactory() : NioIoHandler.newFactory());

    private ElastiCache elastiCache;

    @BeforeAll
    void startServer() {
        elastiCache = new ElastiCache(directory);
    }

    @BeforeEach
    void acceptFreshTokens() {
        elastiCache.acceptTokensFrom(Instant.now());
        elastiCache.forgetSignIns();
    }

    @AfterAll
    void stopServer() {
        elastiCache.close();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void everyConnectionSignsInWithAFreshTokenOfItsRole() {
        try (StringStore store = openAndUse(NEVER)) {
            assertThat(elastiCache.connections()).hasSize(CONNECTIONS);
            assertThat(store.description()).contains(elastiCache.address());
        }
    }

    @Test
    void tokenOfAnotherRoleIsRefusedAndNotShown() {
        AwsCredentialsProvider other =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDOTHER", "other"));
        assertThatThrownBy(() -> open(other, NEVER, REFUSED_AFTER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("WRONGPASS")
                .hasMessageNotContaining("X-Amz");
    }

    @Test
    void everyOpenConnectionSignsInAgainBeforeItsTokenWouldEndWhetherItIsUsedOrNot() {
        long refusedBefore = elastiCache.refusedSignIns();
        try (StringStore store = openAndUse(EVERY_SECOND)) {
            Set<String> connections = elastiCache.connections();
            letTokensEnd();

            await().atMost(PATIENCE).until(() -> haveSignedIn(connections, 2));

            assertThat(elastiCache.connections()).isEqualTo(connections).hasSize(CONNECTIONS);
            assertThat(elastiCache.refusedSignIns()).isEqualTo(refusedBefore);
            assertThat(read(store)).isEqualTo("used");
        }
    }

    @Test
    void connectionsThatWereCutComeBackWithAFreshToken() {
        long refusedBefore = elastiCache.refusedSignIns();
        try (StringStore store = openAndUse(NEVER)) {
            Set<String> connections = elastiCache.connections();
            letTokensEnd();
            elastiCache.cutConnections();

            awaitConnections();

            assertThat(elastiCache.connections()).doesNotContainAnyElementsOf(connections);
            assertThat(elastiCache.refusedSignIns()).isEqualTo(refusedBefore);
            awaitReadable(store);
        }
    }

    @Test
    void refusedTokenIsSaidWithoutShowingItAndTriedAgainUntilOneIsTaken() {
        try (StringStore store = openAndUse(NEVER)) {
            elastiCache.acceptNoToken();
            elastiCache.cutConnections();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> read(store))
                            .cause()
                            .isInstanceOf(StoreException.Unavailable.class)
                            .hasMessageContaining("WRONGPASS")
                            .hasMessageNotContaining("X-Amz"));

            elastiCache.acceptTokensFrom(Instant.now());
            awaitReadable(store);
        }
    }

    @Test
    void roleThatIsNotThereForAWhileEndsNothing() {
        AtomicBoolean isThere = new AtomicBoolean(true);
        try (StringStore store = openAndUse(roleWhile(isThere), EVERY_SECOND)) {
            isThere.set(false);
            elastiCache.cutConnections();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> read(store)).hasMessageContaining("no role for now"));

            isThere.set(true);
            awaitConnections();
            awaitReadable(store);
        }
    }

    /** A stall of the machine may cost a connection in one try; a refused token would in every one. */
    @Test
    void openConnectionsOutliveATokenThatIsRefusedAndSignInAgainLater() {
        await().atMost(TRIES_MAX)
                .pollDelay(Duration.ZERO)
                .ignoreException(ConditionTimeoutException.class)
                .untilAsserted(this::outliveARefusedToken);
    }

    private void outliveARefusedToken() {
        acceptFreshTokens();
        try (StringStore store = openAndUse(EVERY_SECOND)) {
            Set<String> connections = elastiCache.connections();
            long refusedBefore = elastiCache.refusedSignIns();
            elastiCache.acceptNoToken();
            await().atMost(TRY_MAX).until(() -> elastiCache.refusedSignIns() >= refusedBefore + CONNECTIONS);
            assertThat(read(store)).isEqualTo("used");

            elastiCache.acceptTokensFrom(Instant.now().minusSeconds(5));
            elastiCache.forgetSignIns();
            long refused = elastiCache.refusedSignIns();
            await().atMost(TRY_MAX).until(() -> haveSignedIn(connections, 2));
            assertThat(elastiCache.refusedSignIns()).isEqualTo(refused);
            assertThat(elastiCache.connections()).isEqualTo(connections);
        }
    }

    private void awaitConnections() {
        await().atMost(PATIENCE).until(() -> elastiCache.connections().size() == CONNECTIONS);
    }

    /** Soon after it has signed in a connection is ready to be used, too. */
    private static void awaitReadable(StringStore store) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> read(store).equals("used"));
    }

    private boolean haveSignedIn(Set<String> connections, long times) {
        Map<String, Long> signIns = elastiCache.signIns();
        return connections.stream().allMatch(each -> signIns.getOrDefault(each, 0L) >= times);
    }

    /** From then on no token is accepted that was made until now, as if all of them had ended. */
    private void letTokensEnd() {
        Instant now = Instant.now();
        // One that is on its way behind a read that blocks may be a second old.
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(now.plusSeconds(3)));
        elastiCache.acceptTokensFrom(now.plusSeconds(1));
        elastiCache.forgetSignIns();
    }

    private StringStore openAndUse(Duration refresh) {
        return openAndUse(StaticCredentialsProvider.create(ElastiCache.ROLE), refresh);
    }

    /** Every connection has sent something by then. */
    private StringStore openAndUse(AwsCredentialsProvider role, Duration refresh) {
        StringStore store = open(role, refresh, PATIENCE);
        store.follow(0, version -> {});
        store.write("used", "writer", Set.of()).toCompletableFuture().join();
        IntStream.range(0, 50).forEach(each -> read(store));
        awaitConnections();
        return store;
    }

    private StringStore open(AwsCredentialsProvider role, Duration refresh, Duration connectAtStart) {
        ValkeySettings settings = new ValkeySettings(
                elastiCache.address(),
                true,
                elastiCache.certificates(),
                ServiceUser.NAME,
                null,
                ElastiCache.GROUP,
                ElastiCache.REGION,
                refresh,
                0,
                Duration.ofMillis(480),
                Duration.ofMillis(15),
                connectAtStart,
                1_000,
                Duration.ofMillis(20));
        List<EventLoop> loops = new ArrayList<>();
        eventLoops.forEach(executor -> loops.add((EventLoop) executor));
        return new ValkeyStringStore(
                settings,
                new Connections(settings, loops, new SimpleMeterRegistry(), () -> role),
                20,
                LossPolicy.REFUSE);
    }

    private static AwsCredentialsProvider roleWhile(AtomicBoolean isThere) {
        return () -> {
            if (!isThere.get()) {
                throw SdkClientException.create("no role for now");
            }
            return ElastiCache.ROLE;
        };
    }

    private static String read(StringStore store) throws CompletionException {
        return store.read()
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join()
                .value();
    }
}
