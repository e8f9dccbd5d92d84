package org.savedstring.keys;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A list of keys as text: a name, the key's SHA-256 in hexadecimal, perhaps what it is for and until when, on each
 * line; # starts a comment line. A wrong line is refused and the others count, so a key that was removed stops working
 * whatever else the list holds. {@code key_format.py} reads lists in Python; {@code key-lists.json} holds examples for
 * both.
 *
 * @param keys of the valid lines
 * @param refusals why the other lines are refused, each by its number; never shows a key or a hash
 */
record KeyList(List<ApiKey> keys, List<String> refusals) {

    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._@-]{0,63})[ \t]+([0-9a-fA-F]{64})"
            + "(?:[ \t]+scope=(write|read|write,read|read,write))?"
            + "(?:[ \t]+expires=(2\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ))?");
    private static final Pattern BLANKS_AROUND = Pattern.compile("^[ \t\r]+|[ \t\r]+$");
    private static final DateTimeFormatter EXPIRY = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
    private static final int REFUSALS_TOLD_MAX = 100;

    /**
     * Reads a list. One without a key must at least have a comment that says so: an empty list is taken to be cut off.
     */
    static KeyList of(String text) {
        return new Reader().read(text);
    }

    /** Whether it can be used: not if every line of it is wrong. */
    boolean isUsable() {
        return !keys.isEmpty() || refusals.isEmpty();
    }

    /** What is wrong with it, in short. */
    Optional<String> complaint() {
        return switch (refusals.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(refusals.getFirst());
            default -> Optional.of(refusals.getFirst() + "; and " + (refusals.size() - 1) + " more");
        };
    }

    /** Of one list. */
    private static final class Reader {

        private final List<ApiKey> keys = new ArrayList<>();
        private final List<String> refusals = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private final Set<String> hashes = new HashSet<>();

        KeyList read(String text) {
            boolean empty = true;
            int number = 0;
            for (String raw : text.split("\n", -1)) {
                number++;
                String line = BLANKS_AROUND.matcher(raw).replaceAll("");
                empty = empty && line.isEmpty();
                String problem = line.isEmpty() || line.startsWith("#") ? null : add(line);
                if (problem != null && refusals.size() < REFUSALS_TOLD_MAX) {
                    refusals.add("line " + number + " " + problem);
                }
            }
            if (empty) {
                refusals.add("it is empty");
            }
            return new KeyList(List.copyOf(keys), List.copyOf(refusals));
        }

        /** Returns what is wrong with the line; null if nothing is. */
        private @Nullable String add(String line) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                return "is not: name sha256-in-64-hexadecimal-digits [scope=write,read] [expires=2027-01-31T00:00:00Z]";
            }
            String name = matcher.group(1);
            String hash = matcher.group(2).toLowerCase(Locale.ROOT);
            if (names.contains(name)) {
                return "repeats the name " + name;
            }
            if (hashes.contains(hash)) {
                return "repeats the key of another name";
            }
            if (keys.size() == ApiKeys.COUNT_MAX) {
                return "exceeds the limit of " + ApiKeys.COUNT_MAX + " keys";
            }
            Instant expiresAt;
            try {
                expiresAt = matcher.group(4) == null ? null : instant(matcher.group(4));
            } catch (DateTimeException e) {
                return "expires at a time that doesn't exist";
            }
            names.add(name);
            hashes.add(hash);
            keys.add(new ApiKey(name, HexFormat.of().parseHex(hash), scopes(matcher.group(3)), expiresAt));
            return null;
        }

        /** Keys made before there were scopes could do both. */
        private static Set<Scope> scopes(@Nullable String list) {
            return list == null ? EnumSet.allOf(Scope.class) : Scope.of(list);
        }

        private static Instant instant(String time) {
            return LocalDateTime.parse(time, EXPIRY).toInstant(ZoneOffset.UTC);
        }
    }
}
