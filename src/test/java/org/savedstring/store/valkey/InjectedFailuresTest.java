package org.savedstring.store.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.ValkeyServer;
import org.savedstring.store.StoreException;
import org.savedstring.store.Valkey;

/** Whatever is thrown at whichever step of a call's life, the call ends, those beside it are answered, the next ones too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InjectedFailuresTest {

    private static final long HANGS_AFTER_SECONDS = 20;

    private final MultiThreadIoEventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private ValkeyServer server;
    private Connections connections;
    private ConfirmedCalls calls;

    @BeforeAll
    void connect() throws Exception {
        server = ValkeyServer.start();
        ValkeySettings settings = Valkey.impatient(Valkey.settings(server.address(), 0));
        EventLoop loop = (EventLoop) eventLoops.next();
        connections = new Connections(settings, List.of(loop), new SimpleMeterRegistry());
        calls = new ConfirmedCalls(
                connections.open("test", loop),
                settings,
                () -> 0,
                () -> {},
                connections.metrics().otherTrips());
        calls.start().get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
    }

    @AfterAll
    void close() {
        connections.close();
        server.close();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void batchThatIsNotConfirmedSoonIsSaidToBeSlow() throws Exception {
        var slow = new CompletableFuture<@Nullable Void>();
        var unconfirmed = new ConfirmedCalls(
                connections.open("unconfirmed", (EventLoop) eventLoops.next()),
                Valkey.settings(server.address(), 1),
                () -> 0,
                () -> slow.complete(null),
                connections.metrics().otherTrips());
        unconfirmed.start().get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
        unconfirmed.submit(decodedBy(false, reply -> reply));
        assertThat(slow).succeedsWithin(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callThatCannotBeSentEndsAsNotDone(boolean writes) throws Exception {
        assertEndsAndOthersGoOn(
                new ScriptCall<>(
                        writes,
                        commands -> {
                            throw new IllegalStateException("on purpose");
                        },
                        reply -> reply),
                StoreException.Unavailable.class);
    }

    @Test
    void callWhoseSendingIsAnErrorEndsToo() throws Exception {
        assertEndsAndOthersGoOn(
                new ScriptCall<>(
                        false,
                        commands -> {
                            throw new StackOverflowError("on purpose");
                        },
                        reply -> reply),
                StoreException.Unavailable.class);
    }

    @Test
    void readWhoseAnswerCannotBeDecodedEndsAsUnavailable() throws Exception {
        assertEndsAndOthersGoOn(decodedBy(false, reply -> List.of().getFirst()), StoreException.Unavailable.class);
    }

    @Test
    void writeWhoseAnswerCannotBeDecodedIsOfUnknownOutcome() throws Exception {
        assertEndsAndOthersGoOn(
                decodedBy(true, reply -> {
                    throw new AssertionError("on purpose");
                }),
                StoreException.OutcomeUnknown.class);
    }

    @Test
    void scriptThatFailsEndsAsRefused() throws Exception {
        assertEndsAndOthersGoOn(
                new ScriptCall<>(
                        true,
                        commands -> commands.eval("return redis.call('NOSUCH')", ScriptOutputType.MULTI),
                        reply -> reply),
                StoreException.Unavailable.class);
    }

    @Test
    void callbackThatThrowsHoldsUpNobody() throws Exception {
        ScriptCall<Object> first = decodedBy(false, reply -> reply);
        first.result().thenRun(() -> {
            throw new IllegalStateException("on purpose");
        });
        calls.submit(first);
        assertAnswered();
    }

    @Test
    void connectionThatIsCutUnderACallEndsIt() throws Exception {
        ScriptCall<Object> cut = new ScriptCall<>(
                true,
                commands ->
                        commands.eval("local n = 0 while n < 3e7 do n = n + 1 end return {}", ScriptOutputType.MULTI),
                reply -> reply);
        calls.submit(cut);
        calls.connection().loop().run(() -> {
            var current = calls.connection().current();
            if (current != null) {
                current.closeAsync();
            }
        });
        assertThatThrownBy(() -> cut.result().get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(StoreException.class);
        assertAnswered();
    }

    private void assertEndsAndOthersGoOn(ScriptCall<?> failing, Class<? extends StoreException> as) throws Exception {
        CompletableFuture<Object> before = submit();
        calls.submit(failing);
        CompletableFuture<Object> after = submit();
        assertThatThrownBy(() -> failing.result().get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(as);
        before.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
        after.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
        assertAnswered();
    }

    /** A busy machine may cost a call its time; one that hangs never ends. */
    private void assertAnswered() throws Exception {
        await().atMost(Duration.ofSeconds(HANGS_AFTER_SECONDS))
                .ignoreExceptions()
                .until(() -> submit().get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS) != null);
    }

    private CompletableFuture<Object> submit() {
        ScriptCall<Object> call = decodedBy(false, reply -> reply);
        calls.submit(call);
        return call.result();
    }

    private static ScriptCall<Object> decodedBy(boolean writes, Function<List<Object>, Object> decoder) {
        return new ScriptCall<>(writes, InjectedFailuresTest::ask, decoder);
    }

    private static RedisFuture<List<Object>> ask(RedisAsyncCommands<String, String> commands) {
        return commands.eval("return {1}", ScriptOutputType.MULTI);
    }
}
