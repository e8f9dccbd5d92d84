package org.savedstring.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys that are known at the moment. */
public final class ApiKeys {

    /** How many there may be. */
    public static final int COUNT_MAX = 1_000;

    /** Makes a leaked key recognisable, to people and to secret scanners. */
    private static final String PREFIX = "sstr_";

    private static final int RANDOM_BYTES = 32;

    private final InstantSource clock;
    private volatile List<ApiKey> keys;
    private volatile @Nullable String trouble;

    ApiKeys(List<ApiKey> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The key that somebody presents, expired or not. Takes the same time for every key that is refused. */
    public Optional<ApiKey> find(String key) {
        byte[] presented = sha256(key);
        ApiKey found = null;
        for (ApiKey candidate : keys) {
            if (MessageDigest.isEqual(candidate.sha256(), presented)) {
                found = candidate;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Whether it has expired by now, no matter when the list was read. */
    public boolean isExpired(ApiKey key) {
        return key.isExpiredAt(clock.instant());
    }

    /** Who may change the string now. */
    public List<String> writers() {
        return keys.stream()
                .filter(key -> key.scopes().contains(Scope.WRITE) && !isExpired(key))
                .map(ApiKey::name)
                .toList();
    }

    /** How many are valid. */
    public int count() {
        return (int) keys.stream().filter(key -> !isExpired(key)).count();
    }

    /** What is wrong with the list of keys, and what follows from that; never a key or a hash. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    void replace(List<ApiKey> newKeys) {
        keys = newKeys;
    }

    void setTrouble(@Nullable String trouble) {
        this.trouble = trouble;
    }

    /** A new key of 256 random bits. */
    static String generate() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    static ApiKeys ofOne(String name, String key) {
        ApiKey only = new ApiKey(name, sha256(key), EnumSet.allOf(Scope.class), null);
        return new ApiKeys(List.of(only), InstantSource.system());
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
