package org.savedstring.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;

/** Bounds what waits to be sent to clients that do not take it, on all connections together; one for each. */
final class UntakenAnswers extends ChannelDuplexHandler {

    /** A short answer, which costs nothing to count that way; direct memory has room for one of every connection. */
    private static final int UNCOUNTED_BYTES = 1_536;

    private final HeldBytes waiting;
    private boolean isHeld;
    private boolean isAwaited;

    /**
     * Makes one.
     *
     * @param waiting what waits on all connections
     */
    UntakenAnswers(HeldBytes waiting) {
        this.waiting = waiting;
    }

    /** Ends a connection and drops what waits, in the system too, which would go on trying to send it. */
    static void cut(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (count(context) && !isAwaited) {
            isAwaited = true;
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(taken -> {
                isAwaited = false;
                count(context);
            });
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        count(context);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        waiting.release(context.channel());
    }

    private boolean count(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        long bytes = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        boolean wasHeld = isHeld;
        isHeld = bytes > UNCOUNTED_BYTES;
        if (isHeld) {
            waiting.hold(context.channel(), bytes);
        } else if (wasHeld) {
            waiting.release(context.channel());
        }
        return isHeld;
    }
}
