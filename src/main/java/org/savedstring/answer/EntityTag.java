package org.savedstring.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An entity tag (RFC 9110, section 8.8.3). Ours are strong and name the revision of the string and the representation.
 * A proxy that compresses weakens them, or appends the coding to them; they still name the same version, so neither
 * matters here.
 *
 * @param opaque what is between the quotes
 */
public record EntityTag(String opaque) {

    private static final Pattern OURS = Pattern.compile("(\\d+-\\d+)-(html\\.[0-9a-f]{1,8}|json|text)");
    private static final Pattern CODING = Pattern.compile("[-;](gzip|br|zstd|deflate)$");

    public static EntityTag of(String revision, String representation) {
        return new EntityTag(revision + '-' + representation);
    }

    /** The tag of the JSON of a revision, which names it to clients. */
    public static EntityTag ofJson(String revision) {
        return of(revision, "json");
    }

    /** What a client sent, with a proxy's changes undone. */
    static EntityTag received(String opaque) {
        return new EntityTag(CODING.matcher(opaque).replaceFirst(""));
    }

    /** Differs when the page around the string does, so that a new release isn't hidden by an old answer. */
    static String pageTag(byte[] page) {
        CRC32 fingerprint = new CRC32();
        fingerprint.update(page);
        return "html." + Long.toHexString(fingerprint.getValue());
    }

    /** The revision that it names; empty if it isn't one of ours. */
    Optional<String> revision() {
        Matcher ours = OURS.matcher(opaque);
        return ours.matches() ? Optional.of(ours.group(1)) : Optional.empty();
    }

    /** As a header has it. */
    @Override
    public String toString() {
        return '"' + opaque + '"';
    }
}
