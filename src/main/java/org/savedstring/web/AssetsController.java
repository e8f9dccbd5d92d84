package org.savedstring.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Asset;
import org.savedstring.answer.Problems;

/** What the pages are made of. It is in memory, so that a client that leaves half-way disturbs nobody. */
@Controller("/assets")
final class AssetsController {

    private static final String FOLDER = "/assets/";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");
    private static final Pattern COMMENT = Pattern.compile("//.*|/\\*.*\\*/");
    private static final Pattern NAME = Pattern.compile("[a-z]{1,32}\\.(css|js|svg)");

    /** Those that have been asked for, of the few that there are. */
    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

    @Get("/{name}")
    @Produces(MediaType.ALL)
    HttpResponse<?> get(HttpRequest<?> request, String name) {
        Asset asset = NAME.matcher(name).matches() ? loaded.computeIfAbsent(name, AssetsController::load) : null;
        if (asset == null) {
            throw Problems.notFound();
        }
        return asset.reply(request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH))
                .toFramework();
    }

    private static @Nullable Asset load(String name) {
        try (InputStream resource = AssetsController.class.getResourceAsStream(FOLDER + name)) {
            if (resource == null) {
                return null;
            }
            String type =
                    TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), MediaType.APPLICATION_OCTET_STREAM);
            return Asset.of(type, withoutComments(new String(resource.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines that are comments, and indentation, are for those who read the source. */
    private static byte[] withoutComments(String source) {
        return source.lines()
                .map(String::stripLeading)
                .filter(line -> !line.isEmpty() && !COMMENT.matcher(line).matches())
                .collect(Collectors.joining("\n", "", "\n"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
