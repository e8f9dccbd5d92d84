package org.savedstring.browser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.savedstring.machine.Ports;
import org.savedstring.machine.TcpProxy;

/** A browser's way to an instance, which can be cut without a word. */
final class Way implements AutoCloseable {

    private final int port = Ports.free();
    private final TcpProxy proxy;

    Way(int instancePort) {
        InetAddress host = InetAddress.getLoopbackAddress();
        proxy = new TcpProxy(host, port, new InetSocketAddress(host, instancePort));
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    void cut() {
        proxy.cut();
    }

    void restore() {
        proxy.restore();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
