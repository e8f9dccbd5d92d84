package org.savedstring.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an {@code If-Match} or {@code If-None-Match} names (RFC 9110, sections 13.1.1 and 13.1.2).
 *
 * @param any whether it is {@code *}
 */
public record EntityTags(boolean any, List<EntityTag> tags) {

    private static final int TAGS_MAX = 64;
    private static final Pattern MEMBER =
            Pattern.compile("[\\s,]*(?:W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"\\s*(?:,[\\s,]*|$)");
    private static final EntityTags ANY = new EntityTags(true, List.of());

    /** Stands for a tag that isn't ours, and so names no revision. */
    private static final String NO_REVISION = "none";

    /**
     * Reads the header.
     *
     * @param lines each line of the header; together they are one list
     * @return empty if it is malformed, or names more than any client would
     */
    public static Optional<EntityTags> of(List<String> lines) {
        String list = String.join(",", lines);
        if (list.strip().equals("*")) {
            return Optional.of(ANY);
        }
        List<EntityTag> tags = new ArrayList<>();
        Matcher member = MEMBER.matcher(list);
        do {
            if (!member.lookingAt() || tags.size() == TAGS_MAX) {
                return Optional.empty();
            }
            tags.add(EntityTag.received(member.group(1)));
            member.region(member.end(), list.length());
        } while (member.regionStart() < member.regionEnd());
        return Optional.of(new EntityTags(false, tags));
    }

    boolean name(EntityTag tag) {
        return any || tags.contains(tag);
    }

    /** The revisions that it names, of any representation; empty if any will do. */
    public Set<String> revisions() {
        return tags.stream().map(tag -> tag.revision().orElse(NO_REVISION)).collect(Collectors.toUnmodifiableSet());
    }
}
