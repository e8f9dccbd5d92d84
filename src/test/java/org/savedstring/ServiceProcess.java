package org.savedstring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.savedstring.machine.Http;

/** The service as a process of its own, with nothing in its environment but what a test sets. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("serves port (\\d+)");

    private static final Pattern KEY = Pattern.compile("sstr_[\\w-]+");

    private final Path out;
    private final Path err;
    private final Process process;

    private ServiceProcess(Path directory, Map<String, String> environment, List<String> launcher) throws IOException {
        out = Files.createTempFile(directory, "out", ".log");
        err = Files.createTempFile(directory, "err", ".log");
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SavedStringApplication.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static ServiceProcess start(Path directory, Map<String, String> environment) {
        return start(directory, environment, List.of());
    }

    /** With a program that prepares the process before it becomes the service. */
    static ServiceProcess start(Path directory, Map<String, String> environment, List<String> launcher) {
        try {
            return new ServiceProcess(directory, environment, launcher);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it serves, and connects. */
    Http http() {
        Awaitility.await("start")
                .atMost(START_MAX)
                .pollInterval(Duration.ofMillis(20))
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the service ended: " + err());
                    }
                })
                .until(() -> PORT.matcher(out()).find());
        Matcher port = PORT.matcher(out());
        if (!port.find()) {
            throw new IllegalStateException(out());
        }
        return new Http(Integer.parseInt(port.group(1)));
    }

    /** The key that it prints if it has no file of keys. */
    String key() {
        Awaitility.await("the key")
                .atMost(START_MAX)
                .until(() -> KEY.matcher(out()).find());
        return KEY.matcher(out()).results().map(MatchResult::group).findFirst().orElseThrow();
    }

    /** Its exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(START_MAX.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("still running: " + out() + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** As {@code kill -TERM} does. */
    void terminate() {
        process.destroy();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    @Override
    public void close() {
        kill();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
