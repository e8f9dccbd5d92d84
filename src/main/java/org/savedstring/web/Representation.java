package org.savedstring.web;

import io.micronaut.http.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A form in which the string can be had, in the order of preference among what a client likes equally well. */
@SuppressWarnings("ImmutableEnumChecker") // a media type is immutable
enum Representation {
    HTML(MediaType.TEXT_HTML_TYPE, true),
    // JSON is UTF-8 by definition (RFC 8259, section 8.1).
    JSON(MediaType.APPLICATION_JSON_TYPE, false),
    TEXT(MediaType.TEXT_PLAIN_TYPE, true);

    private final MediaType type;
    private final MediaType contentType;

    Representation(MediaType type, boolean withCharset) {
        this.type = type;
        this.contentType =
                withCharset ? new MediaType(type.getName(), Map.of("charset", StandardCharsets.UTF_8.name())) : type;
    }

    MediaType contentType() {
        return contentType;
    }

    /**
     * Chooses by quality (RFC 9110, section 12.5.1); a client that asks for nothing in particular gets the page.
     *
     * @param accepted the members of the Accept header; empty if there is none
     */
    static Optional<Representation> negotiate(List<MediaType> accepted) {
        if (accepted.isEmpty()) {
            return Optional.of(HTML);
        }
        return List.of(values()).stream()
                .filter(candidate -> candidate.quality(accepted) > 0)
                .max(Comparator.comparingDouble(candidate -> candidate.quality(accepted)));
    }

    /** That of the most specific member that covers this representation. */
    private double quality(List<MediaType> accepted) {
        return accepted.stream()
                .filter(this::isCoveredBy)
                .max(Comparator.comparingInt(Representation::specificity))
                .map(member -> member.getQualityAsNumber().doubleValue())
                .orElse(0.0);
    }

    private boolean isCoveredBy(MediaType member) {
        boolean anyType = member.getType().equals("*");
        boolean sameType = member.getType().equalsIgnoreCase(type.getType());
        boolean anySubtype = member.getSubtype().equals("*");
        return anySubtype
                ? anyType || sameType
                : sameType && member.getSubtype().equalsIgnoreCase(type.getSubtype());
    }

    private static int specificity(MediaType member) {
        return (member.getType().equals("*") ? 0 : 1) + (member.getSubtype().equals("*") ? 0 : 1);
    }
}
