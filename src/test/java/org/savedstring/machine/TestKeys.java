package org.savedstring.machine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keys that are valid in tests only. */
public final class TestKeys {

    public static final String WRITER = "sstr_" + "w".repeat(43);
    public static final String OTHER = "sstr_" + "o".repeat(43);

    public static final String READER = "sstr_" + "r".repeat(43);
    public static final String WRITER_ONLY = "sstr_" + "p".repeat(43);
    public static final String EXPIRED = "sstr_" + "e".repeat(43);

    private TestKeys() {}

    /** The line of the key file for a key. */
    public static String line(String name, String key) {
        return line(name, key, "");
    }

    /** With what follows in the line: scopes and expiry. */
    public static String line(String name, String key, String more) {
        return (name + " " + sha256(key) + " " + more).strip() + "\n";
    }

    public static String file() {
        return line("writer", WRITER)
                + line("other", OTHER)
                + line("reader", READER, "scope=read")
                + line("publisher", WRITER_ONLY, "scope=write")
                + line("former", EXPIRED, "expires=2026-01-01T00:00:00Z");
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
