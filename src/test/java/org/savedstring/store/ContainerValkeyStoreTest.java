package org.savedstring.store;

import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.savedstring.store.valkey.ValkeySettings;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Valkey as its makers ship it, in a container, where a Docker engine runs. */
@Tag("container")
@EnabledIf(value = "isDockerAvailable", disabledReason = "no Docker engine runs here; a process was tested instead")
class ContainerValkeyStoreTest extends ValkeyStoreContract {

    private static final int PORT = 6379;
    private static final String IMAGE = Objects.requireNonNullElse(System.getenv("VALKEY_IMAGE"), "valkey/valkey:8.1");

    private Optional<GenericContainer<?>> container = Optional.empty();

    @SuppressWarnings("SystemOut")
    static boolean isDockerAvailable() {
        boolean available = DockerClientFactory.instance().isDockerAvailable();
        if (!available) {
            System.out.println("NOT TESTED: Valkey in a container; scripts/with-docker makes an engine.");
        }
        return available;
    }

    @BeforeAll
    void startContainer() {
        GenericContainer<?> started = new GenericContainer<>(DockerImageName.parse(IMAGE)).withExposedPorts(PORT);
        started.start();
        container = Optional.of(started);
    }

    @Override
    ValkeySettings settings() {
        GenericContainer<?> started = container.orElseThrow();
        return Valkey.settings(started.getHost() + ":" + started.getMappedPort(PORT), 0);
    }

    @AfterAll
    void stopServer() {
        container.ifPresent(GenericContainer::stop);
    }

    @Override
    void clear() throws Exception {
        container.orElseThrow().execInContainer("valkey-cli", "FLUSHALL");
    }
}
