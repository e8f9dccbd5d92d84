package org.savedstring.keys;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that is known. Only its holder knows the key itself.
 *
 * @param name who holds it; appears in the history
 * @param sha256 the SHA-256 of the key's UTF-8 bytes
 * @param scopes what it is for
 * @param expiresAt when it stops being valid; null for never
 */
public record ApiKey(
        String name,
        byte[] sha256,
        Set<Scope> scopes,
        @Nullable Instant expiresAt) {

    boolean isExpiredAt(Instant moment) {
        return expiresAt != null && !moment.isBefore(expiresAt);
    }
}
