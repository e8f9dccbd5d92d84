package org.savedstring.store.valkey;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Signs in with a fresh token, and again on every open connection now and then: ElastiCache cuts one that didn't for 12
 * hours.
 */
final class IamCredentials implements RedisCredentialsProvider {

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
        return Mono.fromSupplier(this::fresh).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public boolean supportsStreaming() {
        return true;
    }

    @Override
    public Flux<RedisCredentials> credentials() {
        return Flux.interval(refresh, Schedulers.boundedElastic())
                .onBackpressureDrop()
                .map(tick -> fresh());
    }

    private RedisCredentials fresh() {
        return RedisCredentials.just(user, token.get());
    }
}
