package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A control group: the kernel ends its processes rather than let them have more than so much memory, as the unit of an
 * instance has it in production. Swap counts as memory.
 */
public final class MemoryGroup implements AutoCloseable {

    private static final Path ROLE = Path.of("ansible/roles/saved_string/defaults/main.yml");
    private static final Pattern UNIT_MIB = Pattern.compile("(?m)^saved_string_memory_max_mib: (\\d+)$");
    private static final Pattern KILLED = Pattern.compile("(?m)^oom_kill (\\d+)$");
    private static final AtomicInteger MADE = new AtomicInteger();

    private final Version version;
    private final Path directory;

    private enum Version {
        TWO("/sys/fs/cgroup", "memory.max", "memory.swap.max", "memory.events"),
        ONE("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.oom_control");

        private final Path root;
        private final String limit;
        private final String swapLimit;
        private final String events;

        Version(String root, String limit, String swapLimit, String events) {
            this.root = Path.of(root);
            this.limit = limit;
            this.swapLimit = swapLimit;
            this.events = events;
        }
    }

    private MemoryGroup(Version version) throws IOException {
        this.version = version;
        this.directory = Files.createDirectory(
                version.root.resolve("saved-string-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet()));
    }

    /** What the unit of an instance may take. */
    public static int unitMib() {
        try {
            Matcher limit = UNIT_MIB.matcher(Files.readString(ROLE));
            if (!limit.find()) {
                throw new IllegalStateException("no " + UNIT_MIB + " in " + ROLE);
            }
            return Integer.parseInt(limit.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes one; empty if this machine has none for memory, or lets nobody but others make them. */
    public static Optional<MemoryGroup> ofMib(int mib) {
        for (Version version : Version.values()) {
            try {
                MemoryGroup group = new MemoryGroup(version);
                if (group.isLimitedTo(mib)) {
                    return Optional.of(group);
                }
                group.close();
            } catch (IOException e) {
                // The other version may do.
            }
        }
        return Optional.empty();
    }

    private boolean isLimitedTo(int mib) {
        Path limit = directory.resolve(version.limit);
        Path swapLimit = directory.resolve(version.swapLimit);
        if (!Files.isWritable(limit) || !Files.isWritable(swapLimit)) {
            return false;
        }
        String bytes = String.valueOf((long) mib << 20);
        try {
            Files.writeString(limit, bytes);
            Files.writeString(swapLimit, version == Version.ONE ? bytes : "0");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A program that joins the group and then becomes another. */
    public List<String> launcher() {
        return List.of("/bin/sh", "-c", "echo $$ > " + directory + "/cgroup.procs && exec \"$@\"", "sh");
    }

    /** How many of its processes wanted more, and were ended. */
    public int killed() {
        try {
            Matcher killed = KILLED.matcher(Files.readString(directory.resolve(version.events)));
            if (!killed.find()) {
                throw new IllegalStateException("no " + KILLED + " in " + version.events);
            }
            return Integer.parseInt(killed.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be called when its processes have ended. */
    @Override
    public void close() {
        Awaitility.await(directory + " empty").until(() -> directory.toFile().delete());
    }
}
