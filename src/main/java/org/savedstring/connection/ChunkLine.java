package org.savedstring.connection;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line in front of a chunk (RFC 9112, section 7.1): its size and, rarely, extensions. */
final class ChunkLine {

    private static final int LENGTH_MAX = 256;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String QUOTED = "\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*\"";
    private static final Pattern LINE = Pattern.compile("([0-9A-Fa-f]{1,7}|0*[0-9A-Fa-f]{1,7})(?:[ \\t]*;[ \\t]*"
            + TOKEN + "(?:[ \\t]*=[ \\t]*(?:" + TOKEN + "|" + QUOTED + "))?)*\\r");

    private ChunkLine() {}

    /**
     * Reads the size.
     *
     * @param end where the line feed is
     * @return negative if it isn't such a line
     */
    static long sizeOf(ByteBuf buffer, int start, int end) {
        if (end - start > LENGTH_MAX) {
            return -1;
        }
        Matcher line = LINE.matcher(buffer.toString(start, end - start, StandardCharsets.ISO_8859_1));
        return line.matches() ? Long.parseLong(line.group(1), 16) : -1;
    }
}
