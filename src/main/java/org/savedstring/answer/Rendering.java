package org.savedstring.answer;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.savedstring.store.SavedString;

/**
 * One version in every representation, made once and sent many times.
 *
 * @param entities has all representations
 */
public record Rendering(SavedString saved, Map<Representation, Entity> entities) {

    /**
     * A cache may keep the answer, but must ask each time whether it is still current (RFC 9111, section 5.2.2.4); any
     * page may read it, since the string is public.
     */
    private static final Map<String, String> HEADERS = Map.of(
            HttpHeaders.CACHE_CONTROL,
            "no-cache",
            HttpHeaders.VARY,
            HttpHeaders.ACCEPT,
            HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN,
            "*",
            HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
            HttpHeaders.ETAG);

    public Entity as(Representation representation) {
        return Objects.requireNonNull(entities.get(representation));
    }

    /**
     * One representation.
     *
     * @param whole the answer that has it
     * @param notModified the answer to a client that has it already
     */
    public record Entity(EntityTag tag, Reply whole, Reply notModified) {

        static Entity of(Representation representation, EntityTag tag, byte[] body) {
            Map<String, String> headers = new LinkedHashMap<>(HEADERS);
            headers.put(HttpHeaders.ETAG, tag.toString());
            Map<String, String> withType = new LinkedHashMap<>(headers);
            withType.put(HttpHeaders.CONTENT_TYPE, representation.contentType());
            return new Entity(
                    tag, Reply.of(HttpStatus.OK, withType, body), Reply.withoutBody(HttpStatus.NOT_MODIFIED, headers));
        }
    }
}
