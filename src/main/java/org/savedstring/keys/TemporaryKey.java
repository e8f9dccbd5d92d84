package org.savedstring.keys;

/**
 * The key of a run that has no key file; printed once at the start and gone with the process.
 *
 * @param value the key itself
 */
public record TemporaryKey(String value) {

    @Override
    public String toString() {
        return "TemporaryKey[…]";
    }
}
