package org.savedstring.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.savedstring.machine.ChildProcess;
import org.savedstring.machine.Ports;

/** HAProxy as it is when it is told to compress: it marks the ETag of what it compressed as weak (RFC 9110, 8.8.1). */
final class CompressingProxy implements AutoCloseable {

    private final int port = Ports.free();
    private final ChildProcess process;

    CompressingProxy(int instancePort) {
        Path directory = ChildProcess.temporaryDirectory("compressing-proxy");
        Path file = directory.resolve("haproxy.cfg");
        try {
            Files.writeString(file, """
                    defaults
                      mode http
                      timeout connect 10s
                      timeout client 75s
                      timeout server 75s
                    listen http
                      bind 127.0.0.1:%d
                      compression algo gzip
                      compression type application/json
                      server instance 127.0.0.1:%d
                    """.formatted(port, instancePort));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = ChildProcess.start(directory, Map.of(), List.of("haproxy", "-db", "-f", file.toString()));
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() {
        process.close();
    }
}
