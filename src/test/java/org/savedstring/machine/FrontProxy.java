package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A proxy as the distribution has it, in front of an instance; a machine without it skips the test. */
public final class FrontProxy implements AutoCloseable {

    private final int port;
    private final ChildProcess process;

    private FrontProxy(String program, String configuration, List<String> arguments) {
        Assumptions.assumeTrue(isInstalled(program), program + " is not installed");
        Path directory = ChildProcess.temporaryDirectory(program);
        this.port = Ports.free();
        Path file = directory.resolve("proxy.conf");
        try {
            Files.writeString(
                    file,
                    configuration
                            .replace("{listen}", "127.0.0.1:" + port)
                            .replace("{directory}", directory.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = Stream.concat(Stream.of(program), arguments.stream())
                .map(argument -> argument.replace("{file}", file.toString()))
                .toList();
        this.process = ChildProcess.start(directory, Map.of(), command);
        awaitListening();
    }

    /**
     * nginx.
     *
     * @param location what stands in its location, with {instance} for the instance's address
     * @param around what stands around it, such as an upstream
     */
    public static FrontProxy nginx(int instancePort, String location, String around) {
        // In one process, which then is the user of the tests and ends with them.
        return new FrontProxy(
                "nginx",
                """
                daemon off;
                master_process off;
                pid {directory}/pid;
                error_log stderr error;
                events { worker_connections 1024; }
                http {
                  access_log off;
                  client_body_temp_path {directory}/body;
                  proxy_temp_path {directory}/proxy;
                  fastcgi_temp_path {directory}/fastcgi;
                  uwsgi_temp_path {directory}/uwsgi;
                  scgi_temp_path {directory}/scgi;
                  %s
                  server {
                    listen {listen};
                    location / { %s }
                  }
                }
                """.formatted(around, location).replace("{instance}", "localhost:" + instancePort),
                List.of("-p", "/", "-c", "{file}", "-e", "stderr"));
    }

    /** Apache with nothing but what forwards requests. */
    public static FrontProxy apache(int instancePort) {
        return new FrontProxy(
                "apache2",
                """
                LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
                LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
                User www-data
                Group www-data
                ServerName localhost
                PidFile {directory}/pid
                ErrorLog {directory}/error.log
                Listen {listen}
                ProxyPass / http://localhost:%d/
                """.formatted(instancePort),
                // In one process, which ends with the tests.
                List.of("-X", "-f", "{file}"));
    }

    /**
     * HAProxy.
     *
     * @param options what stands beside the address and the instance
     */
    public static FrontProxy haproxy(int instancePort, String options) {
        return new FrontProxy("haproxy", """
                defaults
                  mode http
                  retries 0
                  timeout connect 10s
                  timeout client 75s
                  timeout server 75s
                listen http
                  bind {listen}
                  %s
                  server instance 127.0.0.1:%d
                """.formatted(options, instancePort), List.of("-db", "-f", "{file}"));
    }

    public int port() {
        return port;
    }

    public InetSocketAddress address() {
        return HttpConnection.local(port);
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() {
        process.close();
    }

    private void awaitListening() {
        Awaitility.await("the proxy")
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the proxy ended:\n" + process.log());
                    }
                })
                .ignoreExceptions()
                .until(() -> {
                    new HttpConnection(address()).close();
                    return true;
                });
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
