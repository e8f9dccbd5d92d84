package org.savedstring.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /prometheus}, {@code /health} and {@code /info} on a port of the loopback interface, apart from the
 * service's own: neither visitors nor an overloaded event loop can come between an operator and these.
 */
@Context
@Requires(property = ManagementServer.PORT)
final class ManagementServer {

    static final String PORT = "saved-string.management.port";
    private static final int BACKLOG = 16;

    private final HttpServer server;

    /** A thread for each request: one that never ends holds up no others. */
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("management-", 0).factory());

    ManagementServer(
            @Value("${" + PORT + "}") int port, PrometheusMeterRegistry registry, Health health, BuildInfo buildInfo)
            throws IOException {
        server = bind(port);
        server.setExecutor(executor);
        serve("/prometheus", "text/plain; version=0.0.4; charset=utf-8", registry::scrape);
        serve("/health", "application/json", health::describe);
        serve("/info", "application/json", buildInfo::describe);
        server.start();
    }

    private static HttpServer bind(int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (BindException e) {
            throw new IllegalStateException(
                    "port %d of the loopback interface is not available (%s); SAVED_STRING_MANAGEMENT_PORT sets another"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    @PreDestroy
    void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private void serve(String path, String contentType, Supplier<String> content) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answer(exchange, path, contentType, content);
            }
        });
    }

    private static void answer(HttpExchange exchange, String path, String contentType, Supplier<String> content)
            throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] body = content.get().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
