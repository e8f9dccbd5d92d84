package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.util.ArrayList;
import java.util.List;

/** The Accept header. */
final class Accept {

    private Accept() {}

    static List<MediaType> of(HttpRequest<?> request) {
        return parse(request.getHeaders().getAll(HttpHeaders.ACCEPT));
    }

    /** The members of all Accept headers; one that is malformed accepts nothing. */
    static List<MediaType> parse(List<String> headers) {
        List<MediaType> members = new ArrayList<>();
        for (String header : headers) {
            for (String member : header.split(",", -1)) {
                addIfValid(member.strip(), members);
            }
        }
        return members;
    }

    static boolean prefersHtml(List<MediaType> accepted) {
        return accepted.stream().anyMatch(member -> member.getName().equalsIgnoreCase(MediaType.TEXT_HTML));
    }

    private static void addIfValid(String member, List<MediaType> members) {
        try {
            MediaType type = MediaType.of(member);
            type.getQualityAsNumber();
            members.add(type);
        } catch (IllegalArgumentException e) {
            // RFC 9110, section 12.5.1, allows to disregard what can't be satisfied.
        }
    }
}
