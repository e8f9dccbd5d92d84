package org.savedstring.web;

import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.Router;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Problems;

/**
 * What scripts on other people's pages may do (Fetch Standard, CORS protocol). The string is public: anybody's page may
 * read it. Writing takes a key in a header, which a script may send only from the origins that a setting names.
 */
@ServerFilter("/**")
final class Origins {

    private static final Set<String> PUBLIC = Set.of("/", "/events", "/openapi.yml");
    private static final String ANY = "*";
    private static final String HEADERS = "Accept, If-Match, If-None-Match, Last-Event-ID, Cache-Control";
    private static final String HEADERS_OF_WRITERS = HEADERS + ", Content-Type, X-API-Key, Authorization";
    private static final String DAY_SECONDS = "86400";

    private final Router router;
    private final List<String> writers;

    Origins(Router router, @Value("${saved-string.http.write-origins:}") String writers) {
        this.router = router;
        this.writers = Stream.of(writers.split(","))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .toList();
    }

    /**
     * What may be done at an address. Browsers ask before any request that isn't a simple one, and without a key, so
     * this comes before keys are checked.
     */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @RequestFilter(methods = HttpMethod.OPTIONS)
    Optional<HttpResponse<?>> options(HttpRequest<?> request) {
        Set<String> methods = router.findAny(request).stream()
                .map(route -> route.getRouteInfo().getHttpMethodName())
                .collect(Collectors.toCollection(TreeSet::new));
        if (methods.isEmpty()) {
            throw Problems.notFound();
        }
        methods.add("OPTIONS");
        MutableHttpResponse<?> response =
                HttpResponse.status(HttpStatus.NO_CONTENT).header(HttpHeaders.ALLOW, String.join(", ", methods));
        if (request.getHeaders().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
            preflight(request, response);
        }
        return Optional.of(response);
    }

    @ResponseFilter
    void allow(HttpRequest<?> request, MutableHttpResponse<?> response) {
        String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        if (mayWrite(origin)) {
            response.getHeaders().set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, String.valueOf(origin));
            response.header(HttpHeaders.VARY, HttpHeaders.ORIGIN);
            expose(response);
        } else if (isPublic(request)) {
            response.getHeaders().set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
            expose(response);
        }
    }

    private void preflight(HttpRequest<?> request, MutableHttpResponse<?> response) {
        boolean writer = mayWrite(request.getHeaders().get(HttpHeaders.ORIGIN));
        if (writer || PUBLIC.contains(request.getPath())) {
            response.header(
                            HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS,
                            writer ? "GET, HEAD, PUT, POST, DELETE" : "GET, HEAD")
                    .header(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, writer ? HEADERS_OF_WRITERS : HEADERS)
                    .header(HttpHeaders.ACCESS_CONTROL_MAX_AGE, DAY_SECONDS);
        }
    }

    private boolean mayWrite(@Nullable String origin) {
        return origin != null && (writers.contains(ANY) || writers.contains(origin));
    }

    private static boolean isPublic(HttpRequest<?> request) {
        return PUBLIC.contains(request.getPath())
                && (request.getMethod() == HttpMethod.GET
                        || request.getMethod() == HttpMethod.HEAD
                        || request.getMethod() == HttpMethod.OPTIONS);
    }

    private static void expose(MutableHttpResponse<?> response) {
        response.getHeaders().set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, HttpHeaders.ETAG);
    }
}
