package org.savedstring.store.embedded;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;

/**
 * One version as the file has it: its length, what it says, and a checksum of that.
 *
 * @param leftVersion if this is the loss of a version: the last that is left; else 0
 */
record FileEntry(SavedString saved, long leftVersion) {

    /** More than any value with its key's name; a greater length isn't valid. */
    private static final int BYTES_MAX = 1 << 20;

    private static final int FRAME_BYTES = 2 * Integer.BYTES;

    FileEntry(SavedString saved) {
        this(saved, 0);
    }

    ByteBuffer encode() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(saved.text().name());
            out.writeLong(saved.version());
            out.writeUTF(saved.revision());
            out.writeLong(Objects.requireNonNull(saved.updatedAt()).toEpochMilli());
            out.writeUTF(Objects.requireNonNullElse(saved.updatedBy(), ""));
            out.writeLong(leftVersion);
            out.write(saved.value().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] content = bytes.toByteArray();
        return ByteBuffer.allocate(content.length + FRAME_BYTES)
                .putInt(content.length)
                .put(content)
                .putInt(checksum(content))
                .flip();
    }

    /** Reads the next entry, or nothing if what is there isn't one, or isn't whole. */
    static @Nullable FileEntry decode(ByteBuffer from) {
        if (from.remaining() < FRAME_BYTES) {
            return null;
        }
        int length = from.getInt();
        if (length <= 0 || length > BYTES_MAX || from.remaining() < length + Integer.BYTES) {
            return null;
        }
        byte[] content = new byte[length];
        from.get(content);
        return from.getInt() == checksum(content) ? decode(content) : null;
    }

    private static @Nullable FileEntry decode(byte[] content) {
        try (var in = new DataInputStream(new ByteArrayInputStream(content))) {
            SavedString.Text text = SavedString.Text.valueOf(in.readUTF());
            long version = in.readLong();
            String revision = in.readUTF();
            Instant at = Instant.ofEpochMilli(in.readLong());
            String by = in.readUTF();
            long left = in.readLong();
            String value = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new FileEntry(new SavedString(value, version, at, by.isEmpty() ? null : by, revision, text), left);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static int checksum(byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        return (int) checksum.getValue();
    }
}
