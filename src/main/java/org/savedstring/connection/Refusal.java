package org.savedstring.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.stream.Collectors;
import org.savedstring.answer.StandardHeaders;

/** Tells the client of a connection too many to come back later, without reading its request. */
@Sharable
final class Refusal extends ChannelInboundHandlerAdapter {

    static final Refusal OF_ALL = new Refusal("503 Service Unavailable");
    static final Refusal OF_ONE_CLIENT = new Refusal("429 Too Many Requests");

    private final String answer;

    private Refusal(String status) {
        String standard = StandardHeaders.ALL.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .collect(Collectors.joining());
        this.answer = "HTTP/1.1 " + status + "\r\n" + standard
                + "Retry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.copiedBuffer(answer, CharsetUtil.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }
}
