package org.savedstring.web;

import java.util.Map;
import java.util.Objects;
import org.savedstring.store.SavedString;

/**
 * One version in every representation, made once and sent many times.
 *
 * @param entities has all representations
 */
record Rendering(SavedString saved, Map<Representation, Entity> entities) {

    Entity as(Representation representation) {
        return Objects.requireNonNull(entities.get(representation));
    }
}
