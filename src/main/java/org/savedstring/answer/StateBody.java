package org.savedstring.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
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
public record StateBody(
        String value,
        long version,
        @Nullable String updatedAt,
        @Nullable String updatedBy,
        SavedString.Text text) implements Bodies.Document {

    /** The milliseconds are written even if they are zero. */
    private static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public static StateBody of(SavedString saved) {
        return new StateBody(
                saved.value(),
                saved.version(),
                saved.updatedAt() == null ? null : timeOf(saved.updatedAt()),
                saved.updatedBy(),
                saved.text());
    }

    /** A time as all our JSON and events write it. */
    public static String timeOf(Instant instant) {
        return MILLISECONDS.format(instant);
    }

    @Override
    public void writeTo(JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        generator.writeStringField("value", value);
        generator.writeNumberField("version", version);
        generator.writeStringField("updatedAt", updatedAt);
        generator.writeStringField("updatedBy", updatedBy);
        if (text != SavedString.Text.KEPT) {
            generator.writeStringField("text", text.name().toLowerCase(Locale.ROOT));
        }
        generator.writeEndObject();
    }
}
