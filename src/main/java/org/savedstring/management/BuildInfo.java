package org.savedstring.management;

import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build is running. */
@Singleton
final class BuildInfo {

    private static final String UNKNOWN = "unknown";

    private final ObjectMapper json;
    private final Body body;

    BuildInfo(ObjectMapper json) {
        this.json = json;
        Properties commit = commit();
        String version = BuildInfo.class.getPackage().getImplementationVersion();
        this.body = new Body(
                version == null ? UNKNOWN : version,
                commit.getProperty("git.commit.id.full", UNKNOWN),
                commit.getProperty("git.commit.time", UNKNOWN),
                Runtime.version().toString());
    }

    String describe() {
        try {
            return json.writeValueAsString(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties commit() {
        Properties properties = new Properties();
        try (InputStream resource = BuildInfo.class.getResourceAsStream("/git.properties")) {
            if (resource != null) {
                properties.load(resource);
            }
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Serdeable
    record Body(String version, String commit, String committedAt, String java) {}
}
