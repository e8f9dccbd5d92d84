package org.savedstring.machine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One process of the application, started as in production, on ports of its own. */
public final class ServiceInstance implements AutoCloseable {

    private static final Path JAR = Path.of("target/saved-string.jar").toAbsolutePath();
    private static final Path ARCHIVE = Path.of("target/tests.jsa").toAbsolutePath();
    private static final String MAIN_CLASS = "org.savedstring.SavedStringApplication";

    /** Of every instance that the tests start: what it holds to be true is checked, and every buffer is watched. */
    private static final List<String> CHECKS = List.of(
            "-ea", "-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.acquireAndReleaseOnly=true");

    /** The application itself, as delivered. The first that ends leaves an archive of its classes to the others. */
    public static final List<String> APPLICATION = List.of(
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + ARCHIVE,
            "-Xlog:cds*=off", // it says that native access is not archived, and when it can't use an archive
            "-jar",
            JAR.toString());

    /** Where its memory is what matters: to watch every buffer takes more than an instance has. */
    public static final List<String> APPLICATION_UNWATCHED = Stream.concat(
                    Stream.of("-Dio.netty.leakDetection.level=disabled"), APPLICATION.stream())
            .toList();

    /** The application with the beans that the tests have for it. */
    public static final List<String> APPLICATION_WITH_TESTS =
            List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS);

    /** Tests write more than a person does. */
    private static final Map<String, String> UNLIMITED =
            Map.of("SAVED_STRING_KEYS_WRITES_PER_MINUTE", "0", "SAVED_STRING_KEYS_WRONG_PER_MINUTE", "0");

    private static final Pattern KEY = Pattern.compile("sstr_[\\w-]+");
    private static final byte[] NO_BODY = {};
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JVM_OPTIONS = Path.of("src/main/jvm.options").toAbsolutePath();

    private static final Duration READY_MAX = Duration.ofMinutes(3);

    private final String name;
    private final int port;
    private final int managementPort;
    private final ChildProcess process;
    private final @Nullable MemoryGroup memory;

    private ServiceInstance(
            String name, int port, int managementPort, ChildProcess process, @Nullable MemoryGroup memory) {
        this.memory = memory;
        this.name = name;
        this.port = port;
        this.managementPort = managementPort;
        this.process = process;
    }

    /** Starts the application for a short life, with these settings (environment variables); it may not be ready yet. */
    public static ServiceInstance start(Map<String, String> settings) {
        return start(List.of(), settings);
    }

    /** With a program that prepares the process before it becomes the service. */
    public static ServiceInstance start(List<String> launcher, Map<String, String> settings) {
        var program = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
        program.addAll(APPLICATION);
        return start("service", launcher, program, settings, null);
    }

    /** Starts a program for the JVM. */
    public static ServiceInstance start(String name, List<String> program, Map<String, String> settings) {
        return start(name, List.of(), program, settings, null);
    }

    /** With no more memory than its unit may take in production, where the machine can see to that. */
    public static ServiceInstance startInUnit(String name, List<String> program, Map<String, String> settings) {
        MemoryGroup memory = MemoryGroup.ofMib(MemoryGroup.unitMib()).orElse(null);
        return start(name, memory == null ? List.of() : memory.launcher(), program, settings, memory);
    }

    private static ServiceInstance start(
            String name,
            List<String> launcher,
            List<String> program,
            Map<String, String> settings,
            @Nullable MemoryGroup memory) {
        int port = Ports.free();
        int managementPort = Ports.free();
        var environment = new TreeMap<String, String>();
        environment.put("SAVED_STRING_HTTP_PORT", Integer.toString(port));
        environment.put("SAVED_STRING_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.putAll(UNLIMITED);
        environment.putAll(settings);
        var command = new ArrayList<>(launcher);
        command.addAll(List.of(JAVA.toString(), "@" + JVM_OPTIONS));
        command.addAll(CHECKS);
        command.addAll(program);
        Path directory = ChildProcess.temporaryDirectory(name);
        return new ServiceInstance(
                name, port, managementPort, ChildProcess.start(directory, environment, command), memory);
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return HttpConnection.local(port);
    }

    /** Connects, once it serves. */
    public Http http() {
        awaitReady();
        return new Http(port);
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

    /** The key that it prints if it has no file of keys. */
    public String key() {
        Awaitility.await("the key").until(() -> KEY.matcher(out()).find());
        return KEY.matcher(out()).results().map(MatchResult::group).findFirst().orElseThrow();
    }

    public String out() {
        return process.out();
    }

    public String err() {
        return process.err();
    }

    public boolean isReady() {
        try (var connection = new HttpConnection(address())) {
            return connection.request("GET", "/health/readiness", NO_BODY).status() == 200;
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
        try (var management = new Http(managementPort)) {
            return management
                    .get("/prometheus")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(prefix))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
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

    public int awaitExit() {
        return process.awaitExit();
    }

    public void kill() {
        process.kill();
    }

    /** Starts it again with the same settings on the same ports, after it has ended. */
    public void restart() {
        process.restart();
    }

    /** Fails if it said that memory was not given back. */
    public void assertLeakedNothing() {
        EveryTestClass.assertNoLeak(process.log());
    }

    @Override
    public void close() {
        process.kill();
        try {
            assertLeakedNothing();
            assertKeptToItsMemory();
        } finally {
            process.close();
            if (memory != null) {
                memory.close();
            }
        }
    }

    private void assertKeptToItsMemory() {
        if (memory != null && memory.killed() > 0) {
            throw new AssertionError(name + " wanted more memory than its unit may take, and was ended");
        }
    }
}
