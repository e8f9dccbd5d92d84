package org.savedstring.connection;

import io.micronaut.context.annotation.Value;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds what waits to be sent to clients that don't take it, on all connections together. Whoever has the most waiting is
 * cut first: that hits the one who asked for much and took nothing, and frees the most.
 */
@Sharable
@Singleton
final class UntakenAnswers extends ChannelInboundHandlerAdapter {

    private final long bytesMax;
    private final Map<Channel, Long> bytesByChannel = new HashMap<>();
    private long bytes;

    UntakenAnswers(@Value("${saved-string.http.untaken-bytes-max}") long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        forget(context.channel());
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        if (!context.channel().isWritable() && waiting != null) {
            remember(context.channel(), waiting.totalPendingWriteBytes());
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        forget(context.channel());
    }

    private synchronized void remember(Channel channel, long waitingBytes) {
        bytesByChannel.put(channel, waitingBytes);
        bytes += waitingBytes;
        while (bytes > bytesMax) {
            Channel most = bytesByChannel.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            forget(most);
            most.close();
        }
    }

    private synchronized void forget(Channel channel) {
        Long known = bytesByChannel.remove(channel);
        if (known != null) {
            bytes -= known;
        }
    }
}
