package org.savedstring.settings;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a setting may be: one of some words, or a number or a duration within a range. */
sealed interface Allowed {

    boolean contain(String value);

    /**
     * Reads what the documentation says.
     *
     * @param text {@code 1 to 5}, {@code 10ms to 2s} or {@code this, that}
     */
    static Allowed of(String text) {
        String[] ends = text.split(" to ", -1);
        if (ends.length != 2) {
            return new Words(List.of(text.split(", ", -1)));
        }
        boolean isNumber = number(ends[0]).isPresent();
        Function<String, OptionalLong> parser = isNumber ? Allowed::number : Allowed::durationMs;
        return new Range(
                parser.apply(ends[0]).orElseThrow(), parser.apply(ends[1]).orElseThrow(), parser, text);
    }

    private static OptionalLong number(String text) {
        return text.matches("-?\\d{1,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static OptionalLong durationMs(String text) {
        Matcher duration = Pattern.compile("(\\d{1,9})(ms|s|m|h)").matcher(text);
        if (!duration.matches()) {
            return OptionalLong.empty();
        }
        long factor = switch (duration.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
        return OptionalLong.of(Long.parseLong(duration.group(1)) * factor);
    }

    /** One of some words. */
    record Words(List<String> words) implements Allowed {

        @Override
        public boolean contain(String value) {
            return words.contains(value);
        }

        @Override
        public String toString() {
            return String.join(", ", words);
        }
    }

    /**
     * A number, or milliseconds.
     *
     * @param text how people write it
     */
    record Range(long min, long max, Function<String, OptionalLong> parser, String text) implements Allowed {

        @Override
        public boolean contain(String value) {
            OptionalLong parsed = parser.apply(value.strip());
            return parsed.isPresent() && parsed.getAsLong() >= min && parsed.getAsLong() <= max;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
