package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * HAProxy, set to do what the production load balancer does: health checks on the readiness address, kept-alive
 * HTTP/1.1 connections to the instances, no new requests to one that is deregistered, and no request sent twice.
 */
public final class LoadBalancer implements AutoCloseable {

    private static final Duration CHANGE_MAX = Duration.ofMinutes(2);

    private final int port;
    private final ChildProcess process;

    private LoadBalancer(int port, ChildProcess process) {
        this.port = port;
        this.process = process;
    }

    public static LoadBalancer start(List<ServiceInstance> instances) {
        return start(instances, "rise 1");
    }

    /**
     * As the production load balancer with three instances or more, whose weights follow the errors that they answer: sends
     * no more to an instance that answers five errors in a row, for two seconds. If it would have none left, it uses all.
     */
    public static LoadBalancer startSteering(List<ServiceInstance> instances) {
        return start(instances, "rise 8 observe layer7 error-limit 5 on-error mark-down");
    }

    private static LoadBalancer start(List<ServiceInstance> instances, String checks) {
        int port = Ports.free();
        Path directory = ChildProcess.temporaryDirectory("load-balancer");
        String servers = instances.stream()
                .map(instance -> "  server %1$s 127.0.0.1:%2$d check\n  server %1$s-anyway 127.0.0.1:%2$d backup"
                        .formatted(instance.name(), instance.address().getPort()))
                .collect(Collectors.joining("\n"));
        Path file = directory.resolve("haproxy.cfg");
        try {
            Files.writeString(file, configuration(directory, port, servers, checks));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var command = List.of("haproxy", "-db", "-f", file.toString());
        var balancer = new LoadBalancer(port, ChildProcess.start(directory, Map.of(), command));
        instances.forEach(balancer::awaitHealthy);
        return balancer;
    }

    /**
     * Checks come more often than in production, where seconds would only make the tests longer. If no instance is healthy,
     * all are used, as in production: each stands there a second time, as a backup that isn't checked.
     */
    private static String configuration(Path directory, int port, String servers, String checks) {
        return """
            global
              stats socket %s/admin level admin
              maxconn 6000
              hard-stop-after 1s
            defaults
              mode http
              retries 0
              timeout connect 2s
              timeout client 75s
              timeout server 75s
              timeout http-request 60s
            frontend http
              bind 127.0.0.1:%d
              default_backend instances
            backend instances
              balance roundrobin
              http-reuse safe
              option forwardfor
              option httpchk GET /health/readiness
              http-check expect status 200
              option allbackups
              default-server inter 250ms fall 2 %s
            %s
            """.formatted(directory, port, checks, servers);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Sends no more requests to an instance; those under way go on. */
    public void deregister(ServiceInstance instance) {
        command("set server instances/" + instance.name() + " state drain");
    }

    /** Lets an instance have requests again, once it passes its health check. */
    public void register(ServiceInstance instance) {
        command("set server instances/" + instance.name() + " state ready");
        awaitHealthy(instance);
    }

    /** Freezes it: connections stay open, nothing passes. */
    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    public void awaitHealthy(ServiceInstance instance) {
        awaitStatus(instance, "UP");
    }

    public void awaitUnhealthy(ServiceInstance instance) {
        awaitStatus(instance, "DOWN");
    }

    @Override
    public void close() {
        process.close();
    }

    private void awaitStatus(ServiceInstance instance, String status) {
        Awaitility.await(instance.name() + " " + status)
                .atMost(CHANGE_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the load balancer ended:\n" + process.log());
                    }
                })
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> statusOf(instance).equals(status));
    }

    /** As in the table of {@code show stat}: proxy, server, …, status in the 18th column. */
    private String statusOf(ServiceInstance instance) {
        return command("show stat")
                .lines()
                .map(line -> line.split(",", -1))
                .filter(columns -> columns[0].equals("instances") && columns[1].equals(instance.name()))
                .map(columns -> columns[17])
                .findFirst()
                .orElse("unknown");
    }

    private String command(String command) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(process.directory().resolve("admin")));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        }
    }
}
