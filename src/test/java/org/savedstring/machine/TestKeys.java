package org.savedstring.machine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keys that are valid in tests only. */
public final class TestKeys {

    public static final String WRITER = "sstr_" + "w".repeat(43);
    public static final String OTHER = "sstr_" + "o".repeat(43);

    private TestKeys() {}

    /** The line of the key file for a key. */
    public static String line(String name, String key) {
        return name + " " + sha256(key) + "\n";
    }

    public static String file() {
        return line("writer", WRITER) + line("other", OTHER);
    }

    private static String sha256(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
