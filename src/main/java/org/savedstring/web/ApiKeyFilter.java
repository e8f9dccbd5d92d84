package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.savedstring.answer.Problems;
import org.savedstring.keys.ApiKey;
import org.savedstring.keys.ApiKeys;
import org.savedstring.keys.Scope;

/** Lets only holders of a suitable key write or see the history, and decides before the body of the request is read. */
@ServerFilter
final class ApiKeyFilter {

    private static final String HEADER = "X-API-Key";
    private static final String BEARER = "bearer ";
    private static final String KEY = "saved-string.key";
    private static final Set<HttpMethod> READING = EnumSet.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final int KEY_LENGTH_MAX = 256;

    private final ApiKeys keys;
    private final SignIns signIns;

    ApiKeyFilter(ApiKeys keys, SignIns signIns) {
        this.keys = keys;
        this.signIns = signIns;
    }

    @RequestFilter(value = "/", methods = HttpMethod.PUT)
    void beforeWrite(HttpRequest<?> request) {
        authenticate(request, EnumSet.of(Scope.WRITE));
    }

    /** Restoring a version shows it, and so does removing its text; so both need the right to see it. */
    @RequestFilter({"/history", "/history/**"})
    void beforeHistory(HttpRequest<?> request) {
        authenticate(
                request, READING.contains(request.getMethod()) ? EnumSet.of(Scope.READ) : EnumSet.allOf(Scope.class));
    }

    /** The key that came with the request. */
    static ApiKey keyOf(HttpRequest<?> request) {
        return request.getAttribute(KEY, ApiKey.class).orElseThrow();
    }

    private void authenticate(HttpRequest<?> request, Set<Scope> needed) {
        ApiKey key = presentedKey(request);
        if (keys.isExpired(key)) {
            signIns.refused(request, "key-expired", key);
            throw Problems.keyExpired();
        }
        if (!key.scopes().containsAll(needed)) {
            signIns.refused(request, "insufficient-scope", key);
            throw Problems.insufficientScope(
                    needed.stream().map(Scope::toString).collect(Collectors.joining(",")));
        }
        signIns.accepted();
        request.setAttribute(KEY, key);
    }

    private ApiKey presentedKey(HttpRequest<?> request) {
        List<String> presented = presentedKeys(request);
        if (presented.isEmpty()) {
            signIns.refused(request, "key-missing", null);
            throw Problems.keyMissing();
        }
        if (presented.size() > 1) {
            signIns.refused(request, "key-repeated", null);
            throw Problems.badRequest(
                    "key-repeated", "The request has " + presented.size() + " API keys; one is expected.");
        }
        String key = presented.getFirst();
        Optional<ApiKey> known = key.length() > KEY_LENGTH_MAX ? Optional.empty() : keys.find(key);
        return known.orElseThrow(() -> signIns.wrongKey(request));
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
