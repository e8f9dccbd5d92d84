package org.savedstring.machine;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One process of the application, started as in production, on ports of its own. */
public final class ServiceInstance implements AutoCloseable {

    private static final String MAIN_CLASS = "org.savedstring.SavedStringApplication";

    /** The application itself, without the tests. */
    public static final List<String> APPLICATION = List.of("-cp", classPath(false), MAIN_CLASS);

    /** The application with the beans that the tests have for it. */
    public static final List<String> APPLICATION_WITH_TESTS = List.of("-cp", classPath(true), MAIN_CLASS);

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JVM_OPTIONS = Path.of("src/main/jvm.options").toAbsolutePath();

    private static final Duration READY_MAX = Duration.ofMinutes(2);
    private static final Duration REQUEST_MAX = Duration.ofSeconds(1);
    private static final Duration METRICS_MAX = Duration.ofSeconds(10);

    private final String name;
    private final int port;
    private final int managementPort;
    private final ChildProcess process;

    private ServiceInstance(String name, int port, int managementPort, ChildProcess process) {
        this.name = name;
        this.port = port;
        this.managementPort = managementPort;
        this.process = process;
    }

    /** Starts a program for the JVM with these settings (environment variables); it may not be ready yet. */
    public static ServiceInstance start(String name, List<String> program, Map<String, String> settings) {
        int port = Ports.free();
        int managementPort = Ports.free();
        var environment = new TreeMap<>(settings);
        environment.put("SAVED_STRING_HTTP_HOST", "127.0.0.1");
        environment.put("SAVED_STRING_HTTP_PORT", Integer.toString(port));
        environment.put("SAVED_STRING_MANAGEMENT_PORT", Integer.toString(managementPort));
        var command = new ArrayList<>(List.of(JAVA.toString(), "@" + JVM_OPTIONS));
        command.addAll(program);
        Path directory = ChildProcess.temporaryDirectory(name);
        return new ServiceInstance(name, port, managementPort, ChildProcess.start(directory, environment, command));
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String log() {
        return process.log();
    }

    public boolean isReady() {
        try (var connection = new HttpConnection(address(), REQUEST_MAX)) {
            return connection.get("/health/readiness").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    public void awaitReady() {
        Awaitility.await(name + " ready")
                .atMost(READY_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(name + " ended:\n" + log());
                    }
                })
                .until(this::isReady);
    }

    /** What the process holds at this moment. */
    public ProcessUsage usage() {
        return ProcessUsage.of(process.pid());
    }

    /** The sum of all samples in {@code /prometheus} whose name, with labels if wanted, begins so. */
    public double metric(String prefix) {
        var management = new InetSocketAddress(InetAddress.getLoopbackAddress(), managementPort);
        try (var connection = new HttpConnection(management, METRICS_MAX)) {
            return connection
                    .get("/prometheus")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(prefix))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves its wall clock, if it was started with a {@link MovableClock}. */
    public void moveClock(Duration ahead) {
        MovableClock.move(process.directory(), ahead);
    }

    /** Asks it to drain and end; does not wait. */
    public void terminate() {
        process.terminate();
    }

    public int awaitExit(Duration max) {
        return process.awaitExit(max);
    }

    public void kill() {
        process.kill();
    }

    /** Starts it again with the same settings on the same ports, after it has ended. */
    public void restart() {
        process.restart();
    }

    @Override
    public void close() {
        process.close();
    }

    private static String classPath(boolean withTests) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> withTests || !entry.contains("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
