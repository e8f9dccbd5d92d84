package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;
import org.savedstring.machine.ValkeyServer;

/** Visitors and Valkey are talked to over the fastest transport that the kernel allows. */
class TransportTest {

    private static final List<String> WITHOUT_IO_URING = List.of(
            "python3",
            Path.of("src/test/resources/transport/without-io-uring")
                    .toAbsolutePath()
                    .toString());

    @TempDir
    private Path directory;

    @Test
    void whereIoUringIsForbiddenItIsEpoll() throws IOException {
        assertServesOver("epoll", WITHOUT_IO_URING);
    }

    @Test
    void whereIoUringIsAllowedItIsIoUring() throws IOException {
        Assumptions.assumeTrue(IoUring.isAvailable(), "this kernel has no io_uring");
        assertServesOver("io_uring", List.of());
    }

    private void assertServesOver(String transport, List<String> launcher) throws IOException {
        try (ValkeyServer valkey = ValkeyServer.start();
                ServiceInstance service = ServiceInstance.start(launcher, settings(valkey));
                var http = service.http()) {
            assertThat(http.put("over " + transport, "X-API-Key", TestKeys.WRITER)
                            .status())
                    .isEqualTo(200);
            assertThat(http.get("/").text()).contains("The saved string is over " + transport);
            assertThat(service.out()).contains("over " + transport + ",");
            assertThat(service.out().lines())
                    .as("what Netty and Lettuce complain of")
                    .noneMatch(line -> line.matches(".* (WARN|ERROR) +i\\..*"));
        }
    }

    /** Valkey by a name, so that looking it up needs a channel, too. */
    private Map<String, String> settings(ValkeyServer valkey) throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER));
        return Map.of(
                "SAVED_STRING_STORE",
                "valkey",
                "SAVED_STRING_KEYS_FILE",
                keys.toString(),
                "SAVED_STRING_VALKEY_ADDRESS",
                "localhost:" + valkey.port(),
                "SAVED_STRING_VALKEY_CONFIRMING_REPLICAS",
                "0",
                "SAVED_STRING_VALKEY_TLS",
                "false");
    }
}
