package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import jakarta.inject.Singleton;

/** Bounds what waits to be sent to clients that do not take it, on all connections together. */
@Sharable
@Singleton
final class UntakenAnswers extends ChannelInboundHandlerAdapter {

    private final HeldBytes waiting;

    UntakenAnswers(@Value("${saved-string.http.untaken-bytes-max}") long bytesMax) {
        this.waiting = new HeldBytes(bytesMax, Channel::close);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (!context.channel().isWritable() && buffer != null) {
            waiting.hold(context.channel(), buffer.totalPendingWriteBytes());
        } else {
            waiting.release(context.channel());
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        waiting.release(context.channel());
    }
}
