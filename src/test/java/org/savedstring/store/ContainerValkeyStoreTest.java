package org.savedstring.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.savedstring.store.valkey.ValkeySettings;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Valkey as its makers ship it, in a container, where a Docker engine runs. */
class ContainerValkeyStoreTest extends ValkeyStoreContract {

    private static final int PORT = 6379;
    private static final String IMAGE = Objects.requireNonNullElse(System.getenv("VALKEY_IMAGE"), "valkey/valkey:8.1");

    private Optional<GenericContainer<?>> container = Optional.empty();

    @BeforeAll
    void startContainer() {
        boolean available = DockerClientFactory.instance().isDockerAvailable();
        assumeTrue(available, "NOT TESTED: no Docker engine runs here, so Valkey in a container is not; a process is.");
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
