package org.savedstring.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client would like to have (RFC 9110, section 12.5.1). */
public final class Accept {

    /** Any beyond these are ignored, so that nobody can make reading them expensive. */
    private static final int RANGES_MAX = 64;

    /** Somebody who asks for nothing in particular accepts anything. */
    private static final Accept ANYTHING = new Accept(List.of(new Range("*", "*", 0, 1_000)));

    private final List<Range> ranges;

    private Accept(List<Range> ranges) {
        this.ranges = ranges;
    }

    /**
     * Reads the header.
     *
     * @param lines each line of the header; together they are one list. An empty list asks for nothing in particular; a
     *     malformed member accepts nothing.
     */
    public static Accept of(List<String> lines) {
        List<Range> ranges = new ArrayList<>();
        boolean isEmpty = true;
        for (String line : lines) {
            List<String> members = HeaderList.members(line, ',', RANGES_MAX - ranges.size());
            isEmpty &= members.isEmpty();
            members.stream().map(Range::of).filter(Objects::nonNull).forEach(ranges::add);
        }
        return isEmpty ? ANYTHING : new Accept(ranges);
    }

    /** No more of the header than is looked at here, for whoever would look at all of it. */
    public static List<String> cut(List<String> lines) {
        return lines.stream()
                .flatMap(line -> HeaderList.members(line, ',', RANGES_MAX).stream())
                .limit(RANGES_MAX)
                .toList();
    }

    /**
     * The representation that the client prefers: of those that it prefers equally, the one that it names more exactly;
     * then the one that it names first; then the first of ours.
     */
    Optional<Representation> preferred() {
        Representation best = null;
        Range bestRange = null;
        for (Representation candidate : Representation.values()) {
            Range range = mostSpecific(candidate);
            if (range != null && range.permille > 0 && (bestRange == null || isBetter(range, bestRange))) {
                best = candidate;
                bestRange = range;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Whether the client is a browser, or wishes to be taken for one. */
    public boolean namesHtml() {
        return ranges.stream().anyMatch(range -> range.type.equals("text") && range.subtype.equals("html"));
    }

    private boolean isBetter(Range one, Range other) {
        if (one.permille != other.permille) {
            return one.permille > other.permille;
        }
        if (one.specificity() != other.specificity()) {
            return one.specificity() > other.specificity();
        }
        return ranges.indexOf(one) < ranges.indexOf(other);
    }

    private @Nullable Range mostSpecific(Representation representation) {
        Range best = null;
        for (Range range : ranges) {
            if (range.covers(representation) && (best == null || range.specificity() > best.specificity())) {
                best = range;
            }
        }
        return best;
    }

    /**
     * A media range. Its parameters narrow nothing, since each of our representations has only one form.
     *
     * @param parameters how many it has, which makes it more specific
     * @param permille how much it is preferred: the quality, in thousandths
     */
    private record Range(String type, String subtype, int parameters, int permille) {

        private static final int MALFORMED = -1;
        private static final int PARAMETERS_MAX = 16;

        static @Nullable Range of(String member) {
            List<String> parts = HeaderList.members(member, ';', PARAMETERS_MAX);
            String name = parts.isEmpty() ? "" : parts.getFirst();
            if (name.equals("*")) {
                name = "*/*"; // as Java's own client has always written it
            }
            int slash = name.indexOf('/');
            if (slash <= 0 || slash == name.length() - 1 || name.indexOf('/', slash + 1) > 0) {
                return null;
            }
            int parameters = 0;
            int permille = 1_000;
            for (String parameter : parts.subList(1, parts.size())) {
                int equals = parameter.indexOf('=');
                if (equals > 0 && parameter.substring(0, equals).strip().equalsIgnoreCase("q")) {
                    permille = permille(parameter.substring(equals + 1).strip());
                    break; // what follows the quality extends it and narrows nothing
                }
                parameters++;
            }
            String type = name.substring(0, slash).toLowerCase(Locale.ROOT);
            String subtype = name.substring(slash + 1).toLowerCase(Locale.ROOT);
            return permille == MALFORMED || (type.equals("*") && !subtype.equals("*"))
                    ? null
                    : new Range(type, subtype, parameters, permille);
        }

        boolean covers(Representation representation) {
            return (type.equals("*") || type.equals(representation.type()))
                    && (subtype.equals("*") || subtype.equals(representation.subtype()));
        }

        int specificity() {
            return (type.equals("*") ? 0 : 1_000) + (subtype.equals("*") ? 0 : 1_000) + parameters;
        }

        /**
         * A quality has up to three decimals (RFC 9110, section 12.4.2); any more are read and dropped. The digit
         * before the point may be missing, for the sake of Java's own client.
         */
        private static int permille(String written) {
            String quality = written.startsWith(".") && written.length() > 1 ? "0" + written : written;
            int length = quality.length();
            boolean isQuality = length > 0
                    && (quality.charAt(0) == '0' || quality.charAt(0) == '1')
                    && (length == 1 || quality.charAt(1) == '.');
            int value = isQuality ? (quality.charAt(0) - '0') * 1_000 : MALFORMED;
            for (int i = 2, weight = 100; i < length && value != MALFORMED; i++, weight /= 10) {
                int digit = quality.charAt(i) - '0';
                value = digit < 0 || digit > 9 ? MALFORMED : value + digit * weight;
            }
            return value > 1_000 ? MALFORMED : value;
        }
    }
}
