package org.savedstring.live;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.savedstring.live.Broadcast.Confirmed;

/**
 * One open page: a position in the log, on a connection that has no other handler. What its reader sends is dropped; when
 * the reader ends its side, the connection closes. Confined to the connection's event loop.
 */
final class EventStream extends ChannelDuplexHandler {

    private static final Frame LAST_CHUNK = Frame.around("0\r\n\r\n", "");

    /** How long a reader may take to read what is left. */
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final EventStreams streams;
    private final StreamGroup group;
    private final String client;
    private final boolean chunked;
    private @Nullable ChannelHandlerContext context;
    private long position;
    private long nextBeatNanos = System.nanoTime();
    private boolean beatMissed;
    private boolean ended;

    /** Where it stands in its group. */
    int index;

    EventStream(EventStreams streams, StreamGroup group, String client, boolean chunked) {
        this.streams = streams;
        this.group = group;
        this.client = client;
        this.chunked = chunked;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        group.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        context = null;
        ended = true;
        group.remove(this);
        streams.closed(client);
    }

    /** Sends the head of the answer, and what is new to the reader. */
    void begin(Frame head, Frame retry, @Nullable String lastEventId) {
        EventLog.Events events = group.broadcast().events();
        write(head);
        write(retry);
        position = events.resumeFrom(lastEventId, System.nanoTime());
        for (; position < events.end(); position++) {
            Event event = events.get(position);
            boolean isCurrent = position + 1 == events.end();
            write(isCurrent ? event.live() : event.missed());
        }
        flush();
    }

    /** Sends what is new; a reader that doesn't take it gets it later, or, if that is too late, has to come back. */
    void advance(EventLog.Events events) {
        if (ended) {
            return;
        }
        if (position < events.first()) {
            leaveBehind();
            return;
        }
        boolean written = false;
        while (position < events.end() && isWritable()) {
            write(events.get(position).live());
            position++;
            written = true;
        }
        if (written) {
            flush();
        }
    }

    /** When its turn has come: says that everything confirmed has been sent, if it has. */
    void beat(@Nullable Confirmed confirmed, EventLog.Events events, long nowNanos) {
        if (nowNanos - nextBeatNanos < 0) {
            return;
        }
        if (ended) {
            drop();
            return;
        }
        if (confirmed == null) {
            return;
        }
        advance(events);
        nextBeatNanos = nowNanos + streams.heartbeatNanos();
        if (isWritable() && position >= confirmed.end()) {
            beatMissed = false;
            write(confirmed.frame());
            flush();
        } else if (beatMissed) {
            drop();
        } else {
            beatMissed = true;
        }
    }

    /**
     * Ends the stream after what was already sent, so that its reader resumes elsewhere.
     *
     * @return false if it has ended already
     */
    boolean end() {
        ChannelHandlerContext current = context;
        if (ended || current == null) {
            return false;
        }
        ended = true;
        nextBeatNanos = System.nanoTime() + END_NANOS;
        current.writeAndFlush(toWrite(LAST_CHUNK, current)).addListener(ChannelFutureListener.CLOSE);
        return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        // Nobody waits for it.
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        if (isWritable()) {
            advance(group.broadcast().events());
        }
    }

    /** The framework closes every connection when the service ends; a stream ends in its own time. */
    @Override
    public void close(ChannelHandlerContext closed, ChannelPromise promise) {
        if (!streams.isLeaving()) {
            end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        failed.close();
    }

    /** Something it has not been told is no longer here, because its reader is slow or because it was lost. */
    private void leaveBehind() {
        if (isWritable()) {
            end();
        } else {
            drop();
        }
    }

    private void drop() {
        if (!ended) {
            streams.dropped();
        }
        ended = true;
        if (context != null) {
            context.close();
        }
    }

    private boolean isWritable() {
        return context != null && context.channel().isWritable();
    }

    private void write(Frame frame) {
        if (context != null) {
            context.write(toWrite(frame, context), context.voidPromise());
        }
    }

    private ByteBuf toWrite(Frame frame, ChannelHandlerContext current) {
        return group.outgoing().toWrite(frame, chunked, current.alloc());
    }

    private void flush() {
        if (context != null) {
            context.flush();
        }
    }
}
