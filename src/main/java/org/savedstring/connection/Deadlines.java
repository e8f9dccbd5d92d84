package org.savedstring.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes too long to send a request, header or body, and one on which nothing has been
 * received or sent for too long: neither may hold a connection for ever. Looks at intervals rather than setting a timer
 * for each request, so a limit is exceeded by up to one interval.
 */
final class Deadlines extends ChannelDuplexHandler {

    private static final int LOOKS_PER_TIMEOUT = 4;

    private final long requestTimeoutNanos;
    private final long idleTimeoutNanos;
    private boolean receiving;
    private long startedAtNanos;
    private boolean active;
    private long lastActiveAtNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> looks;

    Deadlines(Duration requestTimeout, Duration idleTimeout) {
        this.requestTimeoutNanos = requestTimeout.toNanos();
        this.idleTimeoutNanos = idleTimeout.toNanos();
    }

    /** A request has come to its end. */
    void requestReceived() {
        receiving = false;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long intervalNanos = Math.min(requestTimeoutNanos, idleTimeoutNanos) / LOOKS_PER_TIMEOUT;
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
        active = true;
        if (!receiving) {
            receiving = true;
            startedAtNanos = System.nanoTime();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        active = true;
        context.write(message, promise);
    }

    private void look(ChannelHandlerContext context) {
        long nowNanos = System.nanoTime();
        if (active) {
            active = false;
            lastActiveAtNanos = nowNanos;
        }
        boolean late = receiving && nowNanos - startedAtNanos > requestTimeoutNanos;
        if (late || nowNanos - lastActiveAtNanos > idleTimeoutNanos) {
            context.close();
        }
    }
}
