package org.savedstring.answer;

import org.jspecify.annotations.Nullable;

/**
 * What a read of the string asks for.
 *
 * @param ifMatch null if it doesn't matter which version is current
 * @param ifNoneMatch null if the client has none
 * @param prefersHtml decides how a problem looks
 */
public record ReadRequest(
        Representation representation,
        @Nullable EntityTags ifMatch,
        @Nullable EntityTags ifNoneMatch,
        boolean prefersHtml) {}
