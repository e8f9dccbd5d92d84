package org.savedstring.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A way to a server over which no more than so many bytes a second come back, on all connections together. */
final class SlowLine implements AutoCloseable {

    private static final int PIECE_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final int serverPort;
    private final long nanosPerPiece;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private long freeAtNanos = System.nanoTime();

    SlowLine(int serverPort, long bytesPerSecond) {
        this.serverPort = serverPort;
        this.nanosPerPiece = TimeUnit.SECONDS.toNanos(1) * PIECE_BYTES / bytesPerSecond;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket();
                sockets.add(client);
                sockets.add(server);
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pump(client, server, false));
                Thread.ofVirtual().start(() -> pump(server, client, true));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pump(Socket from, Socket to, boolean isSlow) {
        byte[] piece = new byte[PIECE_BYTES];
        try (from;
                to) {
            for (int length = from.getInputStream().read(piece);
                    length >= 0;
                    length = from.getInputStream().read(piece)) {
                if (isSlow) {
                    LockSupport.parkNanos(reserve(length) - System.nanoTime());
                }
                to.getOutputStream().write(piece, 0, length);
            }
        } catch (IOException e) {
            // Either side has gone.
        }
    }

    /** When so many bytes have passed. */
    private synchronized long reserve(int bytes) {
        freeAtNanos = Math.max(freeAtNanos, System.nanoTime()) + nanosPerPiece * bytes / PIECE_BYTES;
        return freeAtNanos;
    }
}
