package org.savedstring.store.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What the head of the file remembers of its end.
 *
 * @param end how long the file was
 * @param revision of the last version
 */
record Mark(long end, String revision) {

    private static final int REVISION_BYTES_MAX = 60;

    ByteBuffer encode() {
        byte[] text = revision.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + 1 + REVISION_BYTES_MAX + Integer.BYTES);
        bytes.putLong(end).put((byte) text.length).put(text);
        bytes.position(Long.BYTES + 1 + REVISION_BYTES_MAX);
        return bytes.putInt(checksum(bytes)).flip();
    }

    /** Nothing if it hasn't been written yet, or isn't whole. */
    static @Nullable Mark read(ByteBuffer bytes) {
        if (bytes.getInt(Long.BYTES + 1 + REVISION_BYTES_MAX) != checksum(bytes)) {
            return null;
        }
        byte[] text = new byte[Math.min(bytes.get(Long.BYTES), REVISION_BYTES_MAX)];
        bytes.get(Long.BYTES + 1, text);
        return new Mark(bytes.getLong(0), new String(text, StandardCharsets.US_ASCII));
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(MAGIC);
        checksum.update(bytes.slice(0, Long.BYTES + 1 + REVISION_BYTES_MAX));
        return (int) checksum.getValue();
    }

    /** So that zeros don't count as a mark. */
    private static final int MAGIC = 0x53;
}
