package org.savedstring.connection;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line in front of a chunk (RFC 9112, section 7.1): its size and, rarely, extensions. */
final class ChunkLine {

    private static final int LENGTH_MAX = 256;
    private static final int DIGITS_MAX = 7;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*\"";
    private static final Pattern LINE = Pattern.compile("([0-9A-Fa-f]{1,7}|0*[0-9A-Fa-f]{1,7})(?:[ \\t]*;[ \\t]*"
            + TOKEN + "(?:[ \\t]*=[ \\t]*(?:" + TOKEN + "|" + QUOTED + "))?)*\\r");

    private ChunkLine() {}

    /** Whether it is a size and nothing else, as nearly all are: {@link #sizeOf} needs next to nothing for such a line. */
    static boolean isPlain(ByteBuf buffer, int start, int end) {
        return plainSizeOf(buffer, start, end) >= 0;
    }

    /**
     * Reads the size.
     *
     * @param end where the line feed is
     * @return negative if it isn't such a line
     */
    static long sizeOf(ByteBuf buffer, int start, int end) {
        long plain = plainSizeOf(buffer, start, end);
        if (plain >= 0 || end - start > LENGTH_MAX) {
            return plain;
        }
        Matcher line = LINE.matcher(buffer.toString(start, end - start, StandardCharsets.ISO_8859_1));
        return line.matches() ? Long.parseLong(line.group(1), 16) : -1;
    }

    private static long plainSizeOf(ByteBuf buffer, int start, int end) {
        int digits = end - 1 - start;
        if (digits < 1 || digits > DIGITS_MAX || buffer.getByte(end - 1) != '\r') {
            return -1;
        }
        long size = 0;
        for (int i = start; i < end - 1; i++) {
            byte digit = buffer.getByte(i);
            if (!HexFormat.isHexDigit(digit)) {
                return -1;
            }
            size = size << 4 | HexFormat.fromHexDigit(digit);
        }
        return size;
    }
}
