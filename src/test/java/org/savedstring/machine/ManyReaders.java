package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * As many open pages as an instance has room for, in one thread and little memory: they send what a browser and a load
 * balancer send, take whatever comes without looking at it, and come again when they are refused or their stream ends.
 */
public final class ManyReaders implements AutoCloseable {

    /** So many may wait for their answer at once. */
    private static final int OPENING_MAX = 200;

    private static final int SELECT_MS = 20;
    private static final String REFUSED = "HTTP/1.1 503";

    private final InetSocketAddress address;
    private final int wanted;
    private final byte[] request = request();
    private final ByteBuffer received = ByteBuffer.allocateDirect(65_536);
    private final Thread thread = Thread.ofPlatform().name("many-readers").unstarted(this::run);
    private int open;
    private int opening;
    private volatile boolean closed;

    private enum State {
        OPENING,
        OPEN
    }

    private ManyReaders(InetSocketAddress address, int wanted) {
        this.address = address;
        this.wanted = wanted;
    }

    public static ManyReaders open(InetSocketAddress address, int wanted) {
        ManyReaders readers = new ManyReaders(address, wanted);
        readers.thread.start();
        return readers;
    }

    /** Unless something unexpected ended them. */
    public boolean areRunning() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (Selector selector = Selector.open()) {
            while (!closed) {
                while (open < wanted && opening < OPENING_MAX) {
                    open(selector);
                }
                selector.select(this::serve, SELECT_MS);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        channel.register(selector, SelectionKey.OP_CONNECT, State.OPENING);
        open++;
        opening++;
    }

    private void serve(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(ByteBuffer.wrap(request));
                key.interestOps(SelectionKey.OP_READ);
            } else if (hasEnded(channel)) {
                forget(key, channel);
            } else if (key.attach(State.OPEN) == State.OPENING) {
                opening--;
            }
        } catch (IOException e) {
            forget(key, channel);
        }
    }

    private boolean hasEnded(SocketChannel channel) throws IOException {
        received.clear();
        boolean ended = channel.read(received) < 0;
        received.flip();
        return ended
                || (received.remaining() >= REFUSED.length()
                        && ISO_8859_1
                                .decode(received.slice(0, REFUSED.length()))
                                .toString()
                                .equals(REFUSED));
    }

    private void forget(SelectionKey key, SocketChannel channel) {
        open--;
        if (key.attachment() == State.OPENING) {
            opening--;
        }
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] request() {
        try {
            List<String> lines = Files.readAllLines(Path.of("bench/headers.ini"));
            String headers = lines.subList(lines.indexOf("[events]"), lines.size()).stream()
                    .filter(line -> line.contains(": "))
                    .collect(Collectors.joining("\r\n"));
            return ("GET /events HTTP/1.1\r\nHost: saved-string.test\r\n" + headers + "\r\n\r\n").getBytes(ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
