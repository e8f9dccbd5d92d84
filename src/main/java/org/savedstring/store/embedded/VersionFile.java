package org.savedstring.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file to which entries are appended. Its head names the format and the store, and remembers how far it had been written
 * and which version was the last, so that a file that lost its end is noticed. One thread at a time writes.
 */
final class VersionFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VersionFile.class);
    private static final byte[] MAGIC = "saved-string\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OLD_MAGIC = "H:2,".getBytes(StandardCharsets.US_ASCII);
    private static final byte FORMAT = 1;
    private static final int STORE_AT = 16;
    private static final int MARK_AT = 32;
    private static final int HEAD_BYTES = 128;

    private final Path path;
    private final FileChannel channel;
    private final List<FileEntry> entries = new ArrayList<>();
    private long store;
    private long end;
    private String lastRevision = "";
    private boolean isDamaged;
    private volatile @Nullable Stamp stamp;

    /** Shows whether somebody else has touched the file. */
    private record Stamp(@Nullable Object key, long size, long modifiedNanos) {

        static Stamp of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(
                    attributes.fileKey(),
                    attributes.size(),
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
        }
    }

    private VersionFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens the file, or makes it.
     *
     * @param storeIfNew the store's identity, for a new file; 0 for a new one
     * @throws IOException with a reason for people
     */
    static VersionFile open(Path path, long storeIfNew) throws IOException {
        Files.createDirectories(path.toAbsolutePath().normalize().getParent());
        Stamp before = Files.exists(path) ? Stamp.of(path) : null;
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        VersionFile file = new VersionFile(path, channel);
        try {
            file.lock();
            if (channel.size() == 0) {
                file.begin(storeIfNew == 0 ? ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE) : storeIfNew);
            } else {
                file.load();
            }
            file.stamp = before == null ? Stamp.of(path) : before;
            file.stampAgain();
            return file;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What was in it when it was opened, oldest first. */
    List<FileEntry> entries() {
        return entries;
    }

    long store() {
        return store;
    }

    /** The revision that was written last, even if it isn't here any more; empty if that isn't known. */
    String lastRevision() {
        return lastRevision;
    }

    /** Whether the file once had more than it has now. */
    boolean isDamaged() {
        return isDamaged;
    }

    /** Whether nobody else has changed, replaced or deleted the file. */
    boolean isUntouched() {
        try {
            return Stamp.of(path).equals(stamp);
        } catch (IOException e) {
            return false;
        }
    }

    long size() {
        return end;
    }

    /**
     * Appends an entry and forces it to the disk.
     *
     * @throws IOException if it couldn't; the file is then as it was, or {@link #isUntouched} is false, for example
     *     because another was put in its place meanwhile
     */
    void append(FileEntry entry) throws IOException {
        ByteBuffer bytes = entry.encode();
        long after = end + bytes.remaining();
        try {
            writeFully(bytes, end);
            channel.force(false);
        } catch (IOException e) {
            stamp = null;
            if (channel.size() > end) {
                channel.truncate(end);
            }
            stamp = Stamp.of(path);
            throw e;
        }
        end = after;
        mark(entry.saved().revision());
        stampAgain();
    }

    /** Writes a new file with these entries in place of this one, and opens it. This one is closed. */
    VersionFile rewritten(List<FileEntry> kept) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(next);
        try {
            try (VersionFile made = open(next, store)) {
                for (FileEntry entry : kept) {
                    made.end += made.writeFully(entry.encode(), made.end);
                }
                made.mark(lastRevision);
                made.channel.force(true);
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(next);
            throw e;
        }
        close();
        return open(path, store);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** After this process has changed the file, unless it is no longer this one. */
    private void stampAgain() throws IOException {
        Stamp before = stamp;
        stamp = null;
        Stamp now = Stamp.of(path);
        if (before == null || !Objects.equals(before.key, now.key) || now.size != end) {
            throw new IOException("it was replaced while it was used");
        }
        stamp = now;
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // This very process already has it open.
        }
        throw new IOException("another process has it open");
    }

    private void begin(long newStore) throws IOException {
        store = newStore;
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        head.put(MAGIC).put(FORMAT).putLong(STORE_AT, store).rewind();
        writeFully(head, 0);
        channel.force(true);
        end = HEAD_BYTES;
    }

    private void load() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (all.hasRemaining() && channel.read(all, all.position()) >= 0) {
            // Until all is read.
        }
        all.flip();
        requireOurs(all);
        store = all.getLong(STORE_AT);
        Mark mark = Mark.read(all.position(MARK_AT).slice());
        all.position(HEAD_BYTES);
        end = HEAD_BYTES;
        for (FileEntry entry = FileEntry.decode(all); entry != null; entry = FileEntry.decode(all)) {
            entries.add(entry);
            end = all.position();
        }
        lastRevision = entries.isEmpty() ? "" : entries.getLast().saved().revision();
        if (mark != null && mark.end() > end) {
            isDamaged = true;
            lastRevision = mark.revision();
        }
        if (channel.size() > end) {
            // A write that was under way when the power failed was never answered.
            channel.truncate(end);
        }
    }

    private static void requireOurs(ByteBuffer all) throws IOException {
        if (startsWith(all, OLD_MAGIC)) {
            throw new IOException(
                    "it was written by an older release, in a format that is no longer read: move it away,"
                            + " and PUT the string again");
        }
        if (!startsWith(all, MAGIC) || all.limit() < HEAD_BYTES) {
            throw new IOException(
                    "it is not a store of this service, or has lost almost everything: move it away, or put a copy"
                            + " of the store in its place");
        }
        if (all.get(MAGIC.length) != FORMAT) {
            throw new IOException("it was written by a newer release, in format " + all.get(MAGIC.length)
                    + " (expected: " + FORMAT + ")");
        }
    }

    private static boolean startsWith(ByteBuffer all, byte[] magic) {
        return all.limit() >= magic.length && all.slice(0, magic.length).equals(ByteBuffer.wrap(magic));
    }

    /**
     * Neither forced to disk nor needed: after a power cut it may be a write behind, and then says less, never more.
     */
    private void mark(String revision) {
        lastRevision = revision;
        try {
            writeFully(new Mark(end, revision).encode(), MARK_AT);
        } catch (IOException e) {
            LOG.debug("the end of {} could not be noted: {}", path, e.getMessage());
        }
    }

    private int writeFully(ByteBuffer bytes, long position) throws IOException {
        int length = bytes.remaining();
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        return length;
    }
}
