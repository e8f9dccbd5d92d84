package org.savedstring.store.valkey;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A script that Valkey runs atomically. Loaded when a connection is made and called by its digest from then on. */
enum Script {
    READ("read.lua", false),
    PAGE("page.lua", false),
    LOSS("loss.lua", true),
    WRITE("write.lua", true),
    REMOVE("remove.lua", true);

    private static final String ANY = "#!lua\n";
    /** Valkey runs it even when it refuses writes. */
    private static final String READS_ONLY = "#!lua flags=no-writes\n";

    private final boolean writes;
    private final String fencedSource;
    private final String fencedDigest;
    private final String unfencedSource;
    private final String unfencedDigest;

    Script(String file, boolean writes) {
        String body = load("prelude.lua") + (writes ? load("append.lua") : "") + load(file);
        this.writes = writes;
        this.fencedSource = ANY + body;
        this.fencedDigest = digest(fencedSource);
        this.unfencedSource = (writes ? ANY : READS_ONLY) + body;
        this.unfencedDigest = digest(unfencedSource);
    }

    /** Whether an unanswered call may have changed something. */
    boolean writes() {
        return writes;
    }

    /**
     * The text to load.
     *
     * @param isFenced whether replicas confirm
     */
    String source(boolean isFenced) {
        return isFenced ? fencedSource : unfencedSource;
    }

    /** Runs it once without a fence, which only a call that needs confirming has. */
    RedisFuture<List<Object>> callUnfenced(
            RedisAsyncCommands<String, String> commands, boolean isFenced, String key, String... arguments) {
        String called = isFenced ? fencedDigest : unfencedDigest;
        return commands.evalsha(called, ScriptOutputType.MULTI, new String[] {key}, arguments);
    }

    RedisFuture<List<Object>> call(RedisAsyncCommands<String, String> commands, String[] keys, String... arguments) {
        String called = keys.length > 1 ? fencedDigest : unfencedDigest;
        return commands.evalsha(called, ScriptOutputType.MULTI, keys, arguments);
    }

    /** The digest by which Valkey knows it. */
    private static String digest(String source) {
        return Base16.digest(source.getBytes(StandardCharsets.UTF_8));
    }

    private static String load(String file) {
        try (InputStream resource = Script.class.getResourceAsStream("/valkey/" + file)) {
            if (resource == null) {
                throw new IllegalStateException("missing in the jar: " + file);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
