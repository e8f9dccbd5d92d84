package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.util.ArrayList;
import java.util.List;

/** The Accept header. */
final class Accept {

    private Accept() {}

    /** Its members; one that is malformed accepts nothing. Empty if there is no header. */
    static List<MediaType> of(HttpRequest<?> request) {
        List<MediaType> members = new ArrayList<>();
        for (String header : request.getHeaders().getAll(HttpHeaders.ACCEPT)) {
            for (String member : header.split(",", -1)) {
                addIfValid(member.strip(), members);
            }
        }
        return members;
    }

    static boolean prefersHtml(HttpRequest<?> request) {
        return of(request).stream().anyMatch(member -> member.getName().equalsIgnoreCase(MediaType.TEXT_HTML));
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
