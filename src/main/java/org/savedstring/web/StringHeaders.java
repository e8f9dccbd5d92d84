package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import java.util.Map;

/** The headers that every answer with the string carries, whichever way it takes. */
final class StringHeaders {

    /** A cache may keep the answer but must ask each time whether it is still right (RFC 9111, section 5.2.2.4). */
    static final Map<String, String> ALL =
            Map.of(HttpHeaders.CACHE_CONTROL, "no-cache", HttpHeaders.VARY, HttpHeaders.ACCEPT);

    private StringHeaders() {}
}
