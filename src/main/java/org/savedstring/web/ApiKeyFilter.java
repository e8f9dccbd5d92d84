package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.savedstring.answer.Problems;
import org.savedstring.keys.ApiKeys;

/** Lets only holders of a key write or see the history, before their request's body is read. */
@ServerFilter
final class ApiKeyFilter {

    private static final String HEADER = "X-API-Key";
    private static final String BEARER = "bearer ";
    private static final String WRITER = "saved-string.writer";
    private static final int KEY_LENGTH_MAX = 256;

    private final ApiKeys keys;
    private final SignIns signIns;

    ApiKeyFilter(ApiKeys keys, SignIns signIns) {
        this.keys = keys;
        this.signIns = signIns;
    }

    @RequestFilter(value = "/", methods = HttpMethod.PUT)
    void beforeWrite(HttpRequest<?> request) {
        authenticate(request);
    }

    @RequestFilter({"/history", "/history/**"})
    void beforeHistory(HttpRequest<?> request) {
        authenticate(request);
    }

    /** The name of the key that the request came with. */
    static String writerOf(HttpRequest<?> request) {
        return request.getAttribute(WRITER, String.class).orElseThrow();
    }

    private void authenticate(HttpRequest<?> request) {
        List<String> presented = presentedKeys(request);
        if (presented.isEmpty()) {
            signIns.refused(request, "key-missing");
            throw Problems.keyMissing();
        }
        if (presented.size() > 1) {
            signIns.refused(request, "key-repeated");
            throw Problems.badRequest(
                    "key-repeated", "The request has " + presented.size() + " API keys; one is expected.");
        }
        String key = presented.getFirst();
        String writer =
                key.length() > KEY_LENGTH_MAX ? null : keys.holderOf(key).orElse(null);
        if (writer == null) {
            signIns.refused(request, "key-unknown");
            throw Problems.keyUnknown();
        }
        signIns.accepted();
        request.setAttribute(WRITER, writer);
    }

    private static List<String> presentedKeys(HttpRequest<?> request) {
        List<String> presented = new ArrayList<>(request.getHeaders().getAll(HEADER));
        for (String authorization : request.getHeaders().getAll(HttpHeaders.AUTHORIZATION)) {
            if (authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
                presented.add(authorization.substring(BEARER.length()).strip());
            }
        }
        return presented;
    }
}
