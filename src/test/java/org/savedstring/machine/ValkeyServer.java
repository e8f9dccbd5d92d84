package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One {@code valkey-server} process on a free port of 127.0.0.1, in a temporary directory, without persistence unless an
 * option says so.
 *
 * <pre>{@code
 * try (var valkey = ValkeyServer.start("--requirepass", "secret")) {
 *     valkey.address(); // 127.0.0.1:23456
 * }
 * }</pre>
 */
public final class ValkeyServer implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String DATA = "appendonlydir";
    private static final Duration READY_MAX = Duration.ofMinutes(2);
    private static final Duration COMMAND_MAX = Duration.ofMinutes(1);
    private static final Duration PING_MAX = Duration.ofMinutes(1);

    private final int port;
    private final ChildProcess process;

    private ValkeyServer(int port, ChildProcess process) {
        this.port = port;
        this.process = process;
    }

    /** Starts a server and waits until it answers. Options are those of the command line, and come last, so they win. */
    public static ValkeyServer start(String... options) {
        return start(Map.of(), options);
    }

    public static ValkeyServer start(Map<String, String> environment, String... options) {
        int port = Ports.free();
        Path directory = ChildProcess.temporaryDirectory("valkey");
        var command = new ArrayList<>(List.of("valkey-server", "--port", Integer.toString(port), "--bind", HOST));
        command.addAll(List.of("--dir", directory.toString(), "--save", "", "--appendonly", "no"));
        command.addAll(List.of(options));
        var server = new ValkeyServer(port, ChildProcess.start(directory, environment, command));
        try {
            server.awaitAnswer();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return port;
    }

    /** {@code host:port}. */
    public String address() {
        return HOST + ":" + port;
    }

    /** How the service is told to use it alone. */
    public Map<String, String> settings() {
        return settings(address());
    }

    /** How a process of the service is told, in its environment, to use the one at this address alone. */
    public static Map<String, String> environment(String address) {
        var environment = new TreeMap<String, String>();
        settings(address)
                .forEach((setting, value) -> environment.put(
                        setting.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), value));
        return environment;
    }

    private static Map<String, String> settings(String address) {
        return Map.of(
                "saved-string.store", "valkey",
                "saved-string.valkey.address", address,
                "saved-string.valkey.tls", "false",
                "saved-string.valkey.confirming-replicas", "0");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** What the server has printed. */
    public String log() {
        return process.log();
    }

    /**
     * Sends one command on a connection of its own, without signing in. Answers a String, a Long, a List of these, or
     * null.
     *
     * @throws UncheckedIOException if the server can't be reached, doesn't answer in time or refuses the command
     */
    public @Nullable Object command(String... words) {
        try (var resp = new Resp(socketAddress(), COMMAND_MAX)) {
            return resp.call(words);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", words) + " at " + address() + ": " + e.getMessage(), e);
        }
    }

    /** Ends the process at once, as a power cut would. */
    public void kill() {
        process.kill();
    }

    /** Freezes the process: connections stay open and are accepted, nothing is answered. */
    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    /** Moves its wall clock, if it was started with a {@link MovableClock}. */
    public void moveClock(Duration ahead) {
        MovableClock.move(process.directory(), ahead);
    }

    /** Starts a killed server again, on the same port and in the same directory, and waits until it answers. */
    public void restart() {
        process.restart();
        awaitAnswer();
    }

    /** Copies what it has on its disk, as a snapshot of the volume would. */
    public Path backUp() {
        Path backup = ChildProcess.temporaryDirectory("backup");
        copy(process.directory().resolve(DATA), backup.resolve(DATA));
        return backup;
    }

    /** Puts an older copy in the place of what a killed server had, and deletes the copy. */
    public void replaceDataBy(Path backup) {
        ChildProcess.deleteRecursively(process.directory().resolve(DATA));
        copy(backup.resolve(DATA), process.directory().resolve(DATA));
        ChildProcess.deleteRecursively(backup);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectory(to);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
                for (Path file : files) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process and deletes its directory. */
    @Override
    public void close() {
        process.close();
    }

    private InetSocketAddress socketAddress() {
        return HttpConnection.local(port);
    }

    private void awaitAnswer() {
        Awaitility.await("valkey-server " + address())
                .atMost(READY_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .failFast("valkey-server ended", () -> !process.isAlive())
                .until(this::answers);
    }

    /** A server that wants a password is as ready as one that doesn't; one that still loads its data isn't. */
    private boolean answers() {
        try (var resp = new Resp(socketAddress(), PING_MAX)) {
            resp.call("PING");
            return true;
        } catch (Resp.ErrorReply e) {
            return String.valueOf(e.getMessage()).startsWith("NOAUTH");
        } catch (IOException e) {
            return false;
        }
    }
}
