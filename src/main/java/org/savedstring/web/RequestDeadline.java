package org.savedstring.web;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes too long to send a request, header or body: what is begun slowly on purpose must
 * not hold a connection for ever. Looks at intervals rather than setting a timer for each request.
 */
final class RequestDeadline extends ChannelInboundHandlerAdapter {

    private static final int LOOKS_PER_TIMEOUT = 4;

    private final long timeoutNanos;
    private boolean receiving;
    private long startedAtNanos;
    private @Nullable ScheduledFuture<?> looks;

    RequestDeadline(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /** The other half, which stands behind the HTTP codec and sees where a request ends. */
    ChannelHandler end() {
        return new End();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long intervalNanos = timeoutNanos / LOOKS_PER_TIMEOUT;
        looks = context.executor()
                .scheduleAtFixedRate(() -> look(context), intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!receiving) {
            receiving = true;
            startedAtNanos = System.nanoTime();
        }
        context.fireChannelRead(message);
    }

    private void look(ChannelHandlerContext context) {
        if (receiving && System.nanoTime() - startedAtNanos > timeoutNanos) {
            context.close();
        }
    }

    private final class End extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof LastHttpContent) {
                receiving = false;
            }
            context.fireChannelRead(message);
        }
    }
}
