package org.savedstring.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.Template;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the bodies of answers, in UTF-8. */
@Singleton
public final class Bodies {

    private final Handlebars handlebars;
    /** Parsed once: that takes longer than everything else that a change of the string does. */
    private final Map<String, Template> views = new ConcurrentHashMap<>();
    /** Emoji are UTF-8 like everything else, rather than pairs of escapes. */
    private final JsonFactory json = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    Bodies(Handlebars handlebars) {
        this.handlebars = handlebars;
    }

    /** A page made of one of the views. */
    public byte[] html(String view, Map<String, ?> model) {
        try {
            return views.computeIfAbsent(view, this::parse).apply(model).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Template parse(String view) {
        try {
            return handlebars.compile(view);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
