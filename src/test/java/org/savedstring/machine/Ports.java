package org.savedstring.machine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports below the range that the kernel gives to outgoing connections, so that a server that was stopped finds its
 * port still free when it is started again. Each process of tests has a range of its own, and gives
 * each port once before it gives one again: what was given may not be taken yet.
 */
public final class Ports {

    private static final int RANGE = 4_000;
    private static final int FIRST = 16_000 + RANGE * Integer.getInteger("tests.process", 1);
    private static final AtomicInteger TAKEN =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(RANGE));

    private Ports() {}

    public static int free() {
        for (int attempt = 0; attempt < RANGE; attempt++) {
            int port = FIRST + TAKEN.getAndIncrement() % RANGE;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port in " + RANGE + " from " + FIRST);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
