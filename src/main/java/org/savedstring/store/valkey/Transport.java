package org.savedstring.store.valkey;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the server's event loops drive their channels with. Lettuce has its own preference (epoll before io_uring), the
 * server another, and an event loop accepts only channels of its own kind, so the event loop decides.
 */
enum Transport {
    IO_URING(IoUringIoHandler.class, IoUringSocketChannel.class, IoUringDatagramChannel.class),
    EPOLL(EpollIoHandler.class, EpollSocketChannel.class, EpollDatagramChannel.class),
    NIO(NioIoHandler.class, NioSocketChannel.class, NioDatagramChannel.class);

    private final Class<? extends IoHandler> handler;
    private final Class<? extends SocketChannel> socketChannel;
    private final Class<? extends DatagramChannel> datagramChannel;

    Transport(
            Class<? extends IoHandler> handler,
            Class<? extends SocketChannel> socketChannel,
            Class<? extends DatagramChannel> datagramChannel) {
        this.handler = handler;
        this.socketChannel = socketChannel;
        this.datagramChannel = datagramChannel;
    }

    /** The one that all of these share, since they belong to one group. */
    static Transport of(List<EventLoop> eventLoops) {
        return Stream.of(values())
                .filter(transport -> eventLoops.stream().allMatch(transport::drives))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("event loops of an unknown kind: " + eventLoops));
    }

    Class<? extends SocketChannel> socketChannel() {
        return socketChannel;
    }

    Class<? extends DatagramChannel> datagramChannel() {
        return datagramChannel;
    }

    /** The same bootstrap with channels of this kind, which can be set only once. */
    Bootstrap over(Bootstrap prepared, EventLoop eventLoop) {
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop)
                .channel(socketChannel)
                .resolver(prepared.config().resolver());
        prepared.config().options().forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private boolean drives(EventLoop eventLoop) {
        return eventLoop instanceof IoEventLoopGroup group && group.isIoType(handler);
    }

    /** The value had its option's type when it was first set. */
    @SuppressWarnings("unchecked")
    private static <T> void set(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }
}
