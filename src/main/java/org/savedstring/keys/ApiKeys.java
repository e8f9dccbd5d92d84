package org.savedstring.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The keys that are valid at this moment. */
public final class ApiKeys {

    /** Makes a leaked key recognisable, to people and to secret scanners. */
    private static final String PREFIX = "sstr_";

    private static final int RANDOM_BYTES = 32;

    private volatile List<ApiKey> keys;

    ApiKeys(List<ApiKey> keys) {
        this.keys = keys;
    }

    /** Who holds the key. Takes the same time for every key that is refused. */
    public Optional<String> holderOf(String key) {
        byte[] presented = sha256(key);
        String holder = null;
        for (ApiKey candidate : keys) {
            if (MessageDigest.isEqual(candidate.sha256(), presented)) {
                holder = candidate.name();
            }
        }
        return Optional.ofNullable(holder);
    }

    /** Who holds one. */
    public List<String> names() {
        return keys.stream().map(ApiKey::name).toList();
    }

    public int count() {
        return keys.size();
    }

    /** Forgets every key that isn't among some. */
    void retain(List<ApiKey> kept) {
        keys = keys.stream()
                .filter(known -> kept.stream().anyMatch(key -> MessageDigest.isEqual(key.sha256(), known.sha256())))
                .toList();
    }

    void replace(List<ApiKey> newKeys) {
        keys = newKeys;
    }

    /** A new key of 256 random bits. */
    static String generate() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    static ApiKeys ofOne(String name, String key) {
        return new ApiKeys(List.of(new ApiKey(name, sha256(key))));
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
