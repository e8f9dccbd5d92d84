package org.savedstring.answer;

import io.micronaut.serde.ObjectMapper;
import io.micronaut.views.handlebars.HandlebarsViewsRenderer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Makes the bodies of answers, in UTF-8. */
@Singleton
public final class Bodies {

    private final HandlebarsViewsRenderer<Map<String, ?>, ?> views;
    private final ObjectMapper mapper;

    Bodies(HandlebarsViewsRenderer<Map<String, ?>, ?> views, ObjectMapper mapper) {
        this.views = views;
        this.mapper = mapper;
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

    public String jsonText(Object document) {
        return new String(json(document), StandardCharsets.UTF_8);
    }

    public byte[] json(Object document) {
        try {
            return mapper.writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
