package org.savedstring.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.ClientAddress;
import org.savedstring.answer.ClientCounts;
import org.savedstring.answer.ProblemWriter;
import org.savedstring.answer.Problems;
import org.savedstring.answer.Reply;
import org.savedstring.management.LineLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the open connections, all together and those of one client. Behind a trusted proxy all of them are the proxy's,
 * and only the first bound applies.
 */
@Singleton
final class OpenConnections {

    private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);

    /** As many as the system keeps waiting for a listener: what arrives at once, health checks with it, is still told. */
    private static final int BEING_REFUSED_MAX = 4_096;

    private final int max;
    private final @Nullable ClientCounts ofClients;
    private final ClientAddress clientAddress;
    private final Reply tooMany;
    private final Reply tooManyOfClient;
    private final Counter refused;
    private final LineLimit line = new LineLimit();
    private final AtomicInteger open = new AtomicInteger();

    OpenConnections(
            @Value("${saved-string.http.connections-max}") int max,
            @Value("${saved-string.http.connections-per-client-max}") int perClientMax,
            @Value("${saved-string.http.trusted-proxies}") int trustedProxies,
            ClientAddress clientAddress,
            ProblemWriter problems,
            MeterRegistry registry) {
        this.max = max;
        this.ofClients = trustedProxies == 0 ? new ClientCounts(perClientMax) : null;
        this.clientAddress = clientAddress;
        this.tooMany = problems.reply(Problems.tooManyConnections(), false);
        this.tooManyOfClient = problems.reply(Problems.tooManyConnectionsOfClient(perClientMax), false);
        this.refused = Counter.builder("saved.string.connections.refused")
                .description("Connections that were one too many, in all or for one address")
                .register(registry);
    }

    /** For a listener. */
    AcceptLimit acceptLimit() {
        return new AcceptLimit(max + SpareConnections.MAX + BEING_REFUSED_MAX, this::note);
    }

    /** Counts a connection until it is closed; what its client is told if it is one too many, null if it isn't. */
    @Nullable
    Reply refusalOf(Channel channel) {
        Reply refusal = refusalOrPlace(channel);
        if (refusal != null) {
            note(channel);
        }
        return refusal;
    }

    private @Nullable Reply refusalOrPlace(Channel channel) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            return tooMany;
        }
        String client = ofClients == null ? "" : ClientAddress.networkOf(addressOf(channel));
        if (ofClients != null && !ofClients.add(client)) {
            open.decrementAndGet();
            return tooManyOfClient;
        }
        channel.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            if (ofClients != null) {
                ofClients.remove(client);
            }
        });
        return null;
    }

    private String addressOf(Channel channel) {
        return clientAddress.of(List.of(), channel.remoteAddress());
    }

    private void note(Channel channel) {
        refused.increment();
        line.events()
                .ifPresent(events -> LOG.atWarn()
                        .addKeyValue("address", addressOf(channel))
                        .addKeyValue("events", events)
                        .log("too many connections"));
    }
}
