package org.savedstring.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * On the channel that listens: accepts no connection while as many are open as may ever be, those that are being refused
 * included. A flood then waits in the system's queue instead of taking descriptors faster than event loops can refuse it.
 */
final class AcceptLimit extends ChannelInboundHandlerAdapter {

    private final int max;
    private final int againBelow;

    private final AtomicInteger open = new AtomicInteger();

    /**
     * Makes one.
     *
     * @param againBelow how few are open when it accepts again: less than the maximum, since to stop and to begin takes work
     */
    AcceptLimit(int max, int againBelow) {
        this.max = max;
        this.againBelow = againBelow;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ChannelConfig listener = context.channel().config();
        ((Channel) message).closeFuture().addListener(closed -> {
            open.decrementAndGet();
            acceptAgain(listener);
        });
        if (open.incrementAndGet() >= max) {
            listener.setAutoRead(false);
            // Those that were closed meanwhile saw that it accepts.
            acceptAgain(listener);
        }
        context.fireChannelRead(message);
    }

    private void acceptAgain(ChannelConfig listener) {
        if (open.get() < againBelow && !listener.isAutoRead()) {
            listener.setAutoRead(true);
        }
    }
}
