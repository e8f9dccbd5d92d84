package org.savedstring.keys;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The format of the key file: a name and the key's SHA-256 in hexadecimal on each line; # starts a comment line. */
final class KeyFile {

    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._@-]{0,63})\\s+([0-9a-fA-F]{64})");
    private static final Pattern LINE_ANYWHERE = Pattern.compile("\\s*" + LINE.pattern() + "\\s*");
    private static final int KEYS_MAX = 1_000;

    private KeyFile() {}

    /**
     * Reads the file's content. A file without a key must at least say so in a comment: an empty one is taken for a file
     * that is still being written.
     *
     * @throws IllegalArgumentException if a line is wrong, a name or hash appears twice or the file is empty; the message
     *     names the line but never shows a hash
     */
    static List<ApiKey> parse(String content) {
        expect(!content.isBlank(), "it is empty");
        List<ApiKey> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int number = 0;
        for (String line : content.lines().map(String::strip).toList()) {
            number++;
            if (!line.isEmpty() && !line.startsWith("#")) {
                keys.add(parseLine(line, number, seen));
            }
        }
        expect(keys.size() <= KEYS_MAX, "it holds more than " + KEYS_MAX + " keys");
        return List.copyOf(keys);
    }

    /** The keys whose lines are right, also in a file that is refused for others. */
    static List<ApiKey> readable(String content) {
        return content.lines()
                .map(LINE_ANYWHERE::matcher)
                .filter(Matcher::matches)
                .limit(KEYS_MAX)
                .map(line -> new ApiKey(line.group(1), HexFormat.of().parseHex(line.group(2))))
                .toList();
    }

    private static ApiKey parseLine(String line, int number, Set<String> seen) {
        Matcher matcher = LINE.matcher(line);
        expect(matcher.matches(), "line " + number + " is not: name sha256-in-64-hexadecimal-digits");
        String hash = matcher.group(2).toLowerCase(Locale.ROOT);
        expect(seen.add(matcher.group(1)), "line " + number + " repeats the name " + matcher.group(1));
        expect(seen.add(hash), "line " + number + " repeats the key of another name");
        return new ApiKey(matcher.group(1), HexFormat.of().parseHex(hash));
    }

    private static void expect(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
