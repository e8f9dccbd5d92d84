package org.savedstring.connection;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * On a connection that is one too many, in front of its exchanges: its client may ask once for the instance's health, since
 * a load balancer asks on a new connection. Whatever else it asks, and if it says nothing for a moment, it is told to come
 * back later. Either way the connection ends with the answer.
 */
final class OneTooMany extends ChannelInboundHandlerAdapter {

    /** Whoever connects in order to ask has sent its request by then, even if a packet was lost. */
    private static final long SILENT_MS_MAX = 500;

    private final SpareConnections spare;
    private final Supplier<Object> refusal;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> patience;
    private boolean isLetIn;
    private boolean isRefused;

    /**
     * Makes one.
     *
     * @param refusal makes what the client is told
     */
    OneTooMany(SpareConnections spare, Supplier<Object> refusal) {
        this.spare = spare;
        this.refusal = refusal;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        patience = added.executor().schedule(this::refuseUnlessLetIn, SILENT_MS_MAX, TimeUnit.MILLISECONDS);
        spare.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        spare.remove(this);
        if (patience != null) {
            patience.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext current, Object message) {
        if (!isLetIn && !isRefused && message instanceof HttpRequest request) {
            isLetIn = RequestLimit.isForHealth(request.uri());
            HttpUtil.setKeepAlive(request, false);
        }
        if (isLetIn) {
            current.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
            refuseUnlessLetIn();
        }
    }

    /** Others need its place; from any thread. */
    void end() {
        ChannelHandlerContext current = context;
        if (current != null) {
            current.executor().execute(() -> {
                if (isLetIn) {
                    current.close();
                } else {
                    refuseUnlessLetIn();
                }
            });
        }
    }

    private void refuseUnlessLetIn() {
        if (!isLetIn && !isRefused && context != null) {
            isRefused = true;
            context.writeAndFlush(refusal.get()).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
