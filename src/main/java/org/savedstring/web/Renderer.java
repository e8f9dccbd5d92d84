package org.savedstring.web;

import io.micronaut.serde.ObjectMapper;
import io.micronaut.views.handlebars.HandlebarsViewsRenderer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.savedstring.store.SavedString;

/** Makes the representations of a version, once for each version. */
@Singleton
final class Renderer {

    private static final String VIEW = "page";

    private final HandlebarsViewsRenderer<Map<String, String>, ?> views;
    private final ObjectMapper json;
    private final String pageTag;
    private volatile Rendering latest;

    Renderer(HandlebarsViewsRenderer<Map<String, String>, ?> views, ObjectMapper json) {
        this.views = views;
        this.json = json;
        this.pageTag = EntityTag.pageTag(page(SavedString.INITIAL.value()));
        this.latest = make(SavedString.INITIAL);
    }

    Rendering render(SavedString saved) {
        Rendering rendering = latest;
        // Each event loop reads the same version into an object of its own.
        if (rendering.saved() != saved && !rendering.saved().equals(saved)) {
            rendering = make(saved);
            latest = rendering;
        }
        return rendering;
    }

    byte[] json(Object document) {
        try {
            return json.writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Rendering make(SavedString saved) {
        String revision = saved.revision();
        return new Rendering(
                saved,
                Map.of(
                        Representation.HTML, new Entity(EntityTag.of(revision, pageTag), page(saved.value())),
                        Representation.JSON, new Entity(EntityTag.ofJson(revision), json(StateBody.of(saved))),
                        Representation.TEXT,
                                new Entity(
                                        EntityTag.of(revision, "text"),
                                        saved.value().getBytes(StandardCharsets.UTF_8))));
    }

    private byte[] page(String value) {
        StringWriter page = new StringWriter();
        try {
            views.render(VIEW, Map.of("value", value, "size", TextSize.of(value)), null)
                    .writeTo(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }
}
