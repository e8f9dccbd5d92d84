package org.savedstring.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.micronaut.views.handlebars.HandlebarsViewsRenderer;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Makes the bodies of answers, in UTF-8. */
@Singleton
public final class Bodies {

    private final HandlebarsViewsRenderer<Map<String, ?>, ?> views;
    /** Emoji are UTF-8, as everything else is, rather than pairs of escapes. */
    private final JsonFactory json = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    Bodies(HandlebarsViewsRenderer<Map<String, ?>, ?> views) {
        this.views = views;
    }

    /** A page made of one of the views. */
    public byte[] html(String view, Map<String, ?> model) {
        StringWriter page = new StringWriter();
        try {
            views.render(view, model, null).writeTo(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }

    public String jsonText(Document document) {
        return new String(json(document), StandardCharsets.UTF_8);
    }

    public byte[] json(Document document) {
        var body = new ByteArrayOutputStream();
        try (JsonGenerator generator = json.createGenerator(body)) {
            document.writeTo(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.toByteArray();
    }

    public byte[] jsonList(List<? extends Document> documents) {
        return json(generator -> {
            generator.writeStartArray();
            for (Document document : documents) {
                document.writeTo(generator);
            }
            generator.writeEndArray();
        });
    }

    /** What can be written as JSON. */
    @FunctionalInterface
    public interface Document {

        void writeTo(JsonGenerator generator) throws IOException;
    }
}
