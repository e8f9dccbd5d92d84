package org.savedstring.machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A wall clock that a test can set, for each process its own, by a small library that is loaded into the process. */
public final class MovableClock {

    private static final Path SOURCE = Path.of("src/test/resources/clock/clock.c");
    private static final Path LIBRARY = Path.of("target/clock.so").toAbsolutePath();

    private MovableClock() {}

    /** Compiles the library; answers the environment that a process needs to be started with. */
    public static Map<String, String> environment() {
        try {
            var compiler = new ProcessBuilder(
                            "cc", "-shared", "-fPIC", "-O2", "-o", LIBRARY.toString(), SOURCE.toString())
                    .inheritIO()
                    .start();
            if (compiler.waitFor() != 0) {
                throw new IllegalStateException(SOURCE + " could not be compiled");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Map.of("LD_PRELOAD", LIBRARY.toString());
    }

    /** Sets the clock of the process that works in this directory so far ahead of the true time, or behind it. */
    public static void move(Path directory, Duration ahead) {
        var seconds =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(ahead.toSeconds());
        try (var file = new RandomAccessFile(directory.resolve("clock").toFile(), "rw")) {
            file.write(seconds.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
