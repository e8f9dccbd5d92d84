package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel says that a process holds. */
public record ProcessUsage(long residentKib, int threads, int openFiles) {

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");

    public static ProcessUsage of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try (var files = Files.list(process.resolve("fd"))) {
            String status = Files.readString(process.resolve("status"));
            return new ProcessUsage(
                    number(RESIDENT, status), Math.toIntExact(number(THREADS, status)), Math.toIntExact(files.count()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long residentMib() {
        return residentKib / 1024;
    }

    private static long number(Pattern pattern, String status) {
        Matcher matcher = pattern.matcher(status);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + status);
        }
        return Long.parseLong(matcher.group(1));
    }
}
