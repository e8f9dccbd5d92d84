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
    READ("read.lua"),
    RANGE("range.lua"),
    WRITE("write.lua");

    private final String source;
    private final String digest;

    Script(String file) {
        this.source = load(file);
        this.digest = Base16.digest(source.getBytes(StandardCharsets.UTF_8));
    }

    String digest() {
        return digest;
    }

    String source() {
        return source;
    }

    RedisFuture<List<Object>> call(RedisAsyncCommands<String, String> commands, String[] keys, String... arguments) {
        return commands.evalsha(digest, ScriptOutputType.MULTI, keys, arguments);
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
