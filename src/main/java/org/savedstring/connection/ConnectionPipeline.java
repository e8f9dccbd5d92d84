package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.savedstring.answer.Reply;

/** Adds the service's own handlers to each connection: its limits, and the fast path to the string. */
@Singleton
final class ConnectionPipeline implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

    /**
     * With io_uring each connection holds its receive buffer all the time, even while nothing arrives. The 64 KiB that
     * Netty gives to one that has received a lot would be too much for a thousand of them.
     */
    private static final int RECEIVE_BYTES_MAX = 2_048;

    /**
     * What the system keeps of answers for a client that doesn't take them; for a connection over which much has gone, it
     * would be megabytes otherwise.
     */
    private static final int SEND_BYTES = 16 * 1_024;

    private static final int RECEIVE_BYTES_INITIAL = 1_024;
    private static final int RECEIVE_BYTES_MIN = 64;

    private final Provider<Exchanges> exchanges;
    private final HeldBytes untakenAnswers;
    private final HeldBytes unfinishedRequests;
    private final OpenConnections openConnections;
    private final SpareConnections spareConnections = new SpareConnections();
    private final Duration requestTimeout;
    private final Duration idleTimeout;
    private final HttpDecoderConfig decoderConfig;

    ConnectionPipeline(
            Provider<Exchanges> exchanges,
            OpenConnections openConnections,
            @Value("${saved-string.http.untaken-bytes-max}") long untakenBytesMax,
            @Value("${saved-string.http.unfinished-bytes-max}") long unfinishedBytesMax,
            @Value("${saved-string.http.request-timeout}") Duration requestTimeout,
            @Value("${saved-string.http.idle-timeout}") Duration idleTimeout,
            NettyHttpServerConfiguration configuration) {
        this.decoderConfig = new HttpDecoderConfig()
                .setMaxInitialLineLength(RequestCodec.FIRST_LINE_BYTES_MAX)
                .setMaxHeaderSize(BoundedHeaders.BYTES_MAX)
                .setMaxChunkSize(configuration.getMaxChunkSize())
                .setHeadersFactory(BoundedHeaders.factory(DefaultHttpHeadersFactory.headersFactory()))
                .setTrailersFactory(BoundedHeaders.factory(DefaultHttpHeadersFactory.trailersFactory()));
        this.exchanges = exchanges;
        this.untakenAnswers = new HeldBytes(untakenBytesMax, UntakenAnswers::cut);
        this.unfinishedRequests = new HeldBytes(unfinishedBytesMax, RequestCodec::cut);
        this.openConnections = openConnections;
        this.requestTimeout = requestTimeout;
        this.idleTimeout = idleTimeout;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        event.getBean().register(new Connections());
        return event.getBean();
    }

    private final class Connections implements NettyServerCustomizer {

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            if (role == ChannelRole.LISTENER) {
                channel.pipeline().addLast(openConnections.acceptLimit());
            }
            return role == ChannelRole.CONNECTION ? new Connection(channel) : this;
        }
    }

    private final class Connection implements NettyServerCustomizer {

        private final Channel channel;

        Connection(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onStreamPipelineBuilt() {
            ChannelPipeline pipeline = channel.pipeline();
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BYTES);
            channel.config()
                    .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(
                            RECEIVE_BYTES_MIN, RECEIVE_BYTES_INITIAL, RECEIVE_BYTES_MAX));
            Reply refusal = openConnections.refusalOf(channel);
            pipeline.replace(
                    ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                    ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                    new RequestCodec(decoderConfig, unfinishedRequests));
            Deadlines deadlines = new Deadlines(requestTimeout, idleTimeout);
            pipeline.addBefore(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC, null, deadlines);
            pipeline.addBefore(
                    ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC, null, new UntakenAnswers(untakenAnswers));
            pipeline.addAfter(
                    ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                    null,
                    new ExchangeHandler(exchanges.get(), deadlines));
            if (refusal != null) {
                pipeline.addAfter(
                        ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                        null,
                        new OneTooMany(spareConnections, () -> exchanges.get().lastOrNot(refusal, true)));
            }
        }
    }
}
