package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A process with a directory and an environment of its own that never outlives this JVM, whatever ends it. */
public final class ChildProcess implements AutoCloseable {

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Duration EXIT_MAX = Duration.ofMinutes(2);

    /** The kernel kills the children of a thread that ends, so they are all started by one that doesn't. */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("child-process-starter").factory());

    private final Path directory;
    private final ProcessBuilder builder;
    private Process process;

    private ChildProcess(Path directory, Map<String, String> environment, List<String> command) {
        this.directory = directory;
        this.builder = new ProcessBuilder(dyingWithParent(command))
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("out").toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("err").toFile()));
        builder.environment().keySet().retainAll(Set.of("PATH"));
        builder.environment().putAll(environment);
        this.process = launch(builder);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    public static ChildProcess start(Path directory, Map<String, String> environment, List<String> command) {
        return new ChildProcess(directory, environment, command);
    }

    public static Path temporaryDirectory(String prefix) {
        try {
            return Files.createTempDirectory("saved-string-" + prefix + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public Path directory() {
        return directory;
    }

    /** What it printed. */
    public String out() {
        return read("out");
    }

    public String err() {
        return read("err");
    }

    public String log() {
        return out() + err();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** As {@code kill -TERM} does; does not wait. */
    public void terminate() {
        process.destroy();
    }

    /** Freezes the process where it stands; its sockets stay open and fill. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    public int awaitExit() {
        try {
            if (!process.waitFor(EXIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("still running after " + EXIT_MAX + ":\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it again, in the same directory with the same command, after it has ended. */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("still running: " + builder.command());
        }
        process = launch(builder);
    }

    @Override
    public void close() {
        kill();
        deleteRecursively(directory);
    }

    private String read(String file) {
        Path printed = directory.resolve(file);
        try {
            return Files.exists(printed) ? Files.readString(printed) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String name) {
        try {
            var kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " " + process.pid() + ": " + kill.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> dyingWithParent(List<String> command) {
        if (!Files.isExecutable(SETPRIV)) {
            return command;
        }
        var wrapped = new ArrayList<>(List.of(SETPRIV.toString(), "--pdeathsig", "KILL"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static Process launch(ProcessBuilder builder) {
        try {
            return STARTER.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("can't start " + builder.command(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static void deleteRecursively(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
