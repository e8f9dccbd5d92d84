package org.savedstring.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of the embedded store, in the file and, as far as they are kept, in memory. One thread changes them; what is
 * newest, and whether the file is as it was left, any thread may ask.
 */
final class Versions {

    private static final Logger LOG = LoggerFactory.getLogger(Versions.class);
    private static final long UNIQUE_FROM = 100_000_000_000_000_000L;

    /** A file that is shorter isn't worth making smaller. */
    private static final long SMALL_BYTES = 256 * 1024;

    private final Path path;
    private final int kept;
    private final Clock clock;
    private List<FileEntry> entries = new ArrayList<>();
    private volatile VersionFile file;
    private long smallestBytes;
    private volatile FileEntry newest = new FileEntry(SavedString.INITIAL);

    Versions(Path path, int kept, Clock clock) throws IOException {
        this.path = path;
        this.kept = kept;
        this.clock = clock;
        this.file = VersionFile.open(path, 0);
        take(file);
        String last = file.lastRevision();
        if (file.isDamaged() && !last.equals(newest.saved().revision())) {
            LOG.error("The file {} is shorter than it was: it lost its end", path);
            loseUpTo(Long.parseLong(last.substring(0, last.indexOf('-'))));
        }
    }

    FileEntry newest() {
        return newest;
    }

    boolean isUntouched() {
        return file.isUntouched();
    }

    /** If the newest is the loss of a version: the last that is left, if any. */
    @Nullable
    SavedString left() {
        return find(newest.leftVersion()).orElse(null);
    }

    Optional<SavedString> find(long version) {
        return entries.stream()
                .map(FileEntry::saved)
                .filter(saved -> saved.version() == version && !saved.isLost())
                .findFirst();
    }

    List<SavedString> newestFirst(int limit, long beforeVersion) {
        return entries.reversed().stream()
                .map(FileEntry::saved)
                .filter(saved -> saved.version() < beforeVersion)
                .limit(limit)
                .toList();
    }

    SavedString append(String value, String updatedBy, Set<String> expectedRevisions) throws IOException {
        SavedString before = newest.saved();
        if (!expectedRevisions.isEmpty() && !expectedRevisions.contains(before.revision())) {
            throw new StoreException.Conflict(before.revision());
        }
        try {
            return add(before.version() + 1, value, updatedBy, SavedString.Text.KEPT, 0);
        } catch (IOException e) {
            if (file.isUntouched()) {
                throw e;
            }
            throw new StoreException.OutcomeUnknown("the file " + path + ": " + e.getMessage());
        }
    }

    /** Takes a text out by writing the file again. */
    Optional<SavedString> removeText(long version) throws IOException {
        if (version == newest.saved().version() || (version != 0 && version == newest.leftVersion())) {
            throw new StoreException.Conflict(newest.saved().revision());
        }
        Optional<SavedString> found = find(version);
        if (found.isEmpty()) {
            return found;
        }
        SavedString old = found.get();
        SavedString removed = new SavedString(
                "", version, old.updatedAt(), old.updatedBy(), old.revision(), SavedString.Text.REMOVED);
        rewrite(entries.stream()
                .map(entry -> entry.saved().equals(old) ? new FileEntry(removed) : entry)
                .toList());
        return Optional.of(removed);
    }

    /**
     * Opens the file that is there now, after somebody else has touched it.
     *
     * @return what is new in it, or is lost
     */
    List<SavedString> reload() throws IOException {
        FileEntry known = newest;
        long store = file.store();
        file.close();
        VersionFile found = VersionFile.open(path, store);
        if (found.store() != store) {
            found.close();
            throw new IOException("another store was put in its place; if it is now the right one, restart");
        }
        file = found;
        take(found);
        if (isBehind(known)) {
            LOG.error("The file {} was replaced, or lost a part", path);
            loseUpTo(known.saved().version());
        }
        return newestFirst(Integer.MAX_VALUE, Long.MAX_VALUE).reversed().stream()
                .filter(saved -> saved.version() > known.saved().version() || (saved.isLost() && isNew(saved, known)))
                .toList();
    }

    void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isNew(SavedString loss, FileEntry known) {
        return loss.version() == known.saved().version()
                && !loss.revision().equals(known.saved().revision());
    }

    private boolean isBehind(FileEntry known) {
        long versions = newest.saved().version() - known.saved().version();
        return versions < 0
                || (versions == 0
                        && !newest.saved().revision().equals(known.saved().revision())
                        && !newest.saved().isLost());
    }

    private void loseUpTo(long version) throws IOException {
        long left =
                newest.saved().isLost() ? newest.leftVersion() : newest.saved().version();
        add(version, "", "", SavedString.Text.LOST, left);
        LOG.error(
                "Version {} was lost: it had been saved, and the file {} came back without it; the latest it has is version"
                        + " {}. Readers are told so (SAVED_STRING_STORE_LOSS) until the string is written again: PUT"
                        + " it, or restore a version from the history. docs/trouble.md has more.",
                version,
                path,
                left);
    }

    private SavedString add(long version, String value, String by, SavedString.Text text, long left)
            throws IOException {
        Instant last = newest.saved().updatedAt();
        Instant now = Instant.ofEpochMilli(clock.millis());
        String revision = version + "-" + ThreadLocalRandom.current().nextLong(UNIQUE_FROM, 10 * UNIQUE_FROM);
        FileEntry entry = new FileEntry(
                new SavedString(
                        value,
                        version,
                        last != null && last.isAfter(now) ? last : now,
                        by.isEmpty() ? null : by,
                        revision,
                        text),
                left);
        file.append(entry);
        entries.add(entry);
        newest = entry;
        trim();
        return entry.saved();
    }

    private void trim() {
        if (entries.size() > kept) {
            entries.subList(0, entries.size() - kept).clear();
        }
        if (file.size() > 2 * Math.max(smallestBytes, SMALL_BYTES)) {
            try {
                rewrite(entries);
            } catch (IOException e) {
                LOG.warn("The file {} could not be made smaller: {}", path, e.getMessage());
                smallestBytes = file.size();
            }
        }
    }

    private void rewrite(List<FileEntry> now) throws IOException {
        file = file.rewritten(now);
        smallestBytes = file.size();
        take(file);
    }

    private void take(VersionFile from) {
        List<FileEntry> all = new ArrayList<>(from.entries());
        entries = new ArrayList<>(all.subList(Math.max(0, all.size() - kept), all.size()));
        newest = entries.isEmpty() ? new FileEntry(SavedString.INITIAL) : entries.getLast();
    }
}
