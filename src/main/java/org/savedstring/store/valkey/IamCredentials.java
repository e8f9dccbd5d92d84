package org.savedstring.store.valkey;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.CharBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Signs in with a fresh token, and again on every open connection now and then: ElastiCache cuts any that hasn't for 12
 * hours.
 */
final class IamCredentials implements RedisCredentialsProvider {

    private static final Logger LOG = LoggerFactory.getLogger(IamCredentials.class);

    private final String user;
    private final Supplier<String> token;
    private final Duration refresh;

    IamCredentials(String user, Supplier<String> token, Duration refresh) {
        this.user = user;
        this.token = token;
        this.refresh = refresh;
    }

    @Override
    public Mono<RedisCredentials> resolveCredentials() {
        // The role's own credentials may have to be fetched first, which must not hold up an event loop.
        return Mono.fromSupplier(() -> RedisCredentials.just(user, token.get()))
                .subscribeOn(Schedulers.boundedElastic());
    }

    /**
     * Signs in again until the connection is closed. Lettuce could do this too, but what it sends would stay unsent on a
     * connection that leaves the flushing to its user, and it would give up for good after one failure.
     */
    void keepSignedIn(PrimaryConnection connection) {
        connection
                .loop()
                .eventLoop()
                .schedule(() -> signInAgain(connection), refresh.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void signInAgain(PrimaryConnection connection) {
        StatefulRedisConnection<String, String> current = connection.current();
        if (current != null) {
            resolveCredentials()
                    .toFuture()
                    .thenComposeAsync(
                            fresh -> signIn(current, fresh), connection.loop().eventLoop())
                    .whenComplete(IamCredentials::logFailure);
        }
        if (!connection.isClosed()) {
            keepSignedIn(connection);
        }
    }

    private static CompletionStage<String> signIn(
            StatefulRedisConnection<String, String> connection, RedisCredentials fresh) {
        CompletionStage<String> answer =
                connection.async().auth(fresh.getUsername(), CharBuffer.wrap(fresh.getPassword()));
        connection.flushCommands();
        return answer;
    }

    /** The connection goes on as it was signed in before. */
    private static void logFailure(@Nullable String signedIn, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.warn("signing in again failed: {}", failure.getMessage());
        }
    }
}
