package org.savedstring.web;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Strong entity tags (RFC 9110, section 8.8.3): the revision of the string and the representation. */
final class EntityTag {

    private static final String ANY = "*";
    private static final Pattern LIST_MEMBER =
            Pattern.compile("\\s*(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"\\s*(,|$)");
    private static final Pattern OPAQUE = Pattern.compile("(\\d+-\\d+)-(html\\.[0-9a-f]{1,8}|json|text)");

    private EntityTag() {}

    static String of(String revision, String tag) {
        return '"' + revision + '-' + tag + '"';
    }

    static String ofJson(String revision) {
        return of(revision, "json");
    }

    /** Differs when the page around the string does, so that a new release isn't hidden by an old answer. */
    static String pageTag(byte[] page) {
        CRC32 fingerprint = new CRC32();
        fingerprint.update(page);
        return "html." + Long.toHexString(fingerprint.getValue());
    }

    /**
     * Whether an {@code If-None-Match} names the tag, compared weakly (RFC 9110, section 13.1.2). A malformed header names
     * nothing: then the whole answer is sent, which is always right.
     */
    static boolean matches(String ifNoneMatch, String entityTag) {
        if (ifNoneMatch.strip().equals(ANY)) {
            return true;
        }
        Matcher member = LIST_MEMBER.matcher(ifNoneMatch);
        while (member.lookingAt()) {
            if (entityTag.equals('"' + member.group(2) + '"')) {
                return true;
            }
            if (member.end() == member.regionEnd()) {
                return false;
            }
            member.region(member.end(), ifNoneMatch.length());
        }
        return false;
    }

    /**
     * The revisions that an {@code If-Match} names, of any representation, compared strongly (RFC 9110, section 13.1.1).
     *
     * @return empty for {@code *}; otherwise at least one, which is impossible if the header names none of ours
     */
    static Set<String> expectedRevisions(String ifMatch) {
        if (ifMatch.strip().equals(ANY)) {
            return Set.of();
        }
        Set<String> revisions = new LinkedHashSet<>();
        Matcher member = LIST_MEMBER.matcher(ifMatch);
        do {
            if (!member.lookingAt()) {
                throw Problems.badRequest(
                        "malformed-if-match", "If-Match is not * or a list of ETags such as \"7-1767225600000-json\".");
            }
            revisions.add(revisionOf(member.group(1) != null, member.group(2)));
            member.region(member.end(), ifMatch.length());
        } while (member.regionStart() < member.regionEnd());
        return revisions;
    }

    private static String revisionOf(boolean weak, String opaque) {
        Matcher ours = OPAQUE.matcher(opaque);
        return !weak && ours.matches() ? ours.group(1) : "none";
    }
}
