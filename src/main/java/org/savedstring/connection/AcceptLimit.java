package org.savedstring.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * On the channel that listens: closes a connection without a word while more are open than can be refused in time. The
 * event loops refuse what one client opens more slowly than the kernel accepts it, and every connection costs a descriptor
 * meanwhile. It goes on accepting: a listener that stops may miss what began while it stopped.
 */
final class AcceptLimit extends ChannelInboundHandlerAdapter {

    private final int max;
    private final Consumer<Channel> note;

    private final AtomicInteger open = new AtomicInteger();

    /**
     * Makes one.
     *
     * @param note is told of each connection that will be closed
     */
    AcceptLimit(int max, Consumer<Channel> note) {
        this.max = max;
        this.note = note;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel connection = (Channel) message;
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            note.accept(connection);
            connection.unsafe().closeForcibly();
            return;
        }
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        context.fireChannelRead(connection);
    }
}
