package org.savedstring.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that nobody has refused yet count too. */
class AcceptLimitTest {

    private static final int MAX = 40;
    private static final int FLOOD = 200;

    private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final List<Socket> clients = new ArrayList<>();
    private Channel listener;

    @BeforeEach
    void listen() {
        listener = new ServerBootstrap()
                .group(eventLoops)
                .channel(NioServerSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new AcceptLimit(MAX, connection -> closed.incrementAndGet()));
                    }
                })
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        accepted.add(context.channel());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    @AfterEach
    void end() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        listener.close();
        eventLoops.shutdownGracefully();
    }

    @Test
    void ofAFloodNoMoreThanTheMaximumAreOpenAtOnce() throws IOException {
        connect(FLOOD);
        await().until(() -> closed.get() == FLOOD - MAX);
        await().until(() -> accepted.size() == MAX);
    }

    @Test
    void theyAreAcceptedAgainOnceOthersHaveGone() throws IOException {
        connect(FLOOD);
        await().until(() -> closed.get() == FLOOD - MAX && accepted.size() == MAX);
        for (int gone = 0; gone < MAX; gone++) {
            closeOnTheServer(accepted.remove());
            connect(1);
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> accepted.size() == MAX);
        }
        assertThat(closed).hasValue(FLOOD - MAX);
    }

    private static void closeOnTheServer(Channel connection) {
        connection.close().syncUninterruptibly();
        // Whoever waits for the close is told before those that want to know of it.
        connection.eventLoop().submit(() -> {}).syncUninterruptibly();
    }

    private void connect(int count) throws IOException {
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        for (int i = 0; i < count; i++) {
            clients.add(new Socket(address.getAddress(), address.getPort()));
        }
    }
}
