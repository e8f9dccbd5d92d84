package org.savedstring.keys;

/**
 * A key that may write. The key itself is known to its holder only.
 *
 * @param name who holds it; appears in the history
 * @param sha256 the SHA-256 of the key's UTF-8 bytes
 */
record ApiKey(String name, byte[] sha256) {}
