package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One way to one server, which can be cut. While it is cut nothing passes and nothing is refused, as when a network drops
 * packets: what was sent waits, and passes when the way is whole again.
 */
public final class TcpProxy implements AutoCloseable {

    /** So short that the kernel soon stops answering new connections while the way is cut. */
    private static final int BACKLOG = 1;

    private static final int BUFFER_BYTES = 65_536;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private final Object gate = new Object();
    private boolean cut;
    private volatile long forgotten;

    public TcpProxy(InetAddress host, int port, InetSocketAddress server) {
        this.server = server;
        try {
            listener = new ServerSocket(port, BACKLOG, host);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public void cut() {
        synchronized (gate) {
            cut = true;
        }
    }

    public void restore() {
        synchronized (gate) {
            cut = false;
            gate.notifyAll();
        }
    }

    /** Drops from now on, without a word, what comes over the connections that there are, as a firewall that forgot them. */
    public void forgetConnections() {
        forgotten = connections.get();
    }

    /** How many connections were asked for. */
    public long connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        restore();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                awaitWhole();
                Socket client = listener.accept();
                long number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> connect(client, number));
            } catch (IOException | InterruptedException e) {
                return;
            }
        }
    }

    private void connect(Socket client, long number) {
        sockets.add(client);
        var upstream = new Socket();
        sockets.add(upstream);
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(server);
            Thread.ofVirtual().start(() -> pump(upstream, client, number));
            pump(client, upstream, number);
        } catch (IOException e) {
            close(client, upstream);
        }
    }

    private void pump(Socket from, Socket to, long number) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int length = from.getInputStream().read(buffer);
                    length >= 0;
                    length = from.getInputStream().read(buffer)) {
                awaitWhole();
                if (number > forgotten) {
                    to.getOutputStream().write(buffer, 0, length);
                }
            }
            awaitWhole();
        } catch (IOException | InterruptedException e) {
            // Ends like a connection that was closed.
        } finally {
            close(from, to);
        }
    }

    private void close(Socket... both) {
        for (Socket socket : both) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void awaitWhole() throws InterruptedException {
        synchronized (gate) {
            while (cut) {
                gate.wait();
            }
        }
    }
}
