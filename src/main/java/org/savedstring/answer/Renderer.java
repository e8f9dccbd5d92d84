package org.savedstring.answer;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.savedstring.store.SavedString;

/** Makes the representations of a version, once for each version, and keeps those of the latest. */
@Singleton
public final class Renderer {

    private static final String VIEW = "page";

    private final Bodies bodies;
    private final String pageTag;
    private volatile Rendering latest;

    Renderer(Bodies bodies) {
        this.bodies = bodies;
        this.pageTag = EntityTag.pageTag(page(SavedString.INITIAL.value()));
        this.latest = make(SavedString.INITIAL);
    }

    public Rendering render(SavedString saved) {
        Rendering rendering = latest;
        // Each event loop reads the same version into an object of its own.
        if (rendering.saved() != saved && !rendering.saved().equals(saved)) {
            rendering = make(saved);
            latest = rendering;
        }
        return rendering;
    }

    private Rendering make(SavedString saved) {
        Map<Representation, Rendering.Entity> entities = new EnumMap<>(Representation.class);
        for (Representation representation : Representation.values()) {
            entities.put(
                    representation,
                    Rendering.Entity.of(representation, tag(saved, representation), body(saved, representation)));
        }
        return new Rendering(saved, entities);
    }

    private EntityTag tag(SavedString saved, Representation representation) {
        return switch (representation) {
            case HTML -> EntityTag.of(saved.revision(), pageTag);
            case JSON -> EntityTag.ofJson(saved.revision());
            case TEXT -> EntityTag.of(saved.revision(), "text");
        };
    }

    private byte[] body(SavedString saved, Representation representation) {
        return switch (representation) {
            case HTML -> page(saved.value());
            case JSON -> bodies.json(StateBody.of(saved));
            case TEXT -> saved.value().getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] page(String value) {
        return bodies.html(VIEW, Map.of("value", value, "size", TextSize.of(value)));
    }
}
