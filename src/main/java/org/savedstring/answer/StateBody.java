package org.savedstring.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;

/**
 * One version as JSON.
 *
 * @param updatedAt ISO 8601 with milliseconds, in UTC; null, like {@code updatedBy}, before the first write
 */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record StateBody(
        String value,
        long version,
        @Nullable String updatedAt,
        @Nullable String updatedBy) {

    /** The milliseconds are written even if they are zero. */
    private static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public static StateBody of(SavedString saved) {
        return new StateBody(
                saved.value(),
                saved.version(),
                saved.updatedAt() == null ? null : MILLISECONDS.format(saved.updatedAt()),
                saved.updatedBy());
    }
}
