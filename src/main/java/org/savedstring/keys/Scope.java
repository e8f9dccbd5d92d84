package org.savedstring.keys;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a key is for. */
public enum Scope {
    /** To change the string. */
    WRITE,
    /** To see its history. */
    READ;

    /** As key lists and problems write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what a key list has.
     *
     * @param list separated by commas
     */
    static Set<Scope> of(String list) {
        return Stream.of(list.split(","))
                .map(word -> valueOf(word.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
