package org.savedstring.live;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;

/** Fits a socket to what a stream needs: it sends little at a time, and receives nothing. */
final class StreamOptions {

    /** A reader sends nothing more, but its leaving must be noticed. */
    private static final FixedRecvByteBufAllocator RECEIVE_BYTES = new FixedRecvByteBufAllocator(64);

    private static final WriteBufferWaterMark WAITING_BYTES = new WriteBufferWaterMark(8 * 1_024, 16 * 1_024);

    /** If for this long nothing shows that data reaches the reader's system, the reader has gone (RFC 5482). */
    private static final int UNACKNOWLEDGED_MS_MAX = 10_000;

    void set(Channel channel) {
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        config.setRecvByteBufAllocator(RECEIVE_BYTES);
        config.setWriteBufferWaterMark(WAITING_BYTES);
        if (channel instanceof IoUringSocketChannel) {
            config.setOption(IoUringChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS_MAX);
        } else if (channel instanceof EpollSocketChannel) {
            config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS_MAX);
        }
    }
}
