package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
    void whereIoUringIsForbiddenItIsEpollAndTheLogSaysWhy() throws IOException {
        String log = logOfServingOver("epoll", WITHOUT_IO_URING);
        assertThat(log.lines())
                .filteredOn(line -> line.contains("io_uring"))
                .singleElement()
                .asString()
                .contains("kernel.io_uring_disabled");
    }

    /** Nothing can be locked, no ring, or one for the first event loop but none for the last. */
    @ParameterizedTest
    @ValueSource(ints = {0, 64 * 1024, 192 * 1024})
    void whereRingsDoNotFitWhatMayBeLockedItIsEpollAndTheLogSaysWhy(int lockedBytesMax) throws IOException {
        Assumptions.assumeTrue(IoUring.isAvailable(), "this kernel has no io_uring");
        Assumptions.assumeTrue(countsRings(System.getProperty("os.version")), "before Linux 6.13 rings aren't counted");
        String log = logOfServingOver("epoll", asOrdinaryUserWhoMayLock(lockedBytesMax));
        assertThat(log.lines())
                .filteredOn(line -> line.contains("io_uring"))
                .singleElement()
                .asString()
                .contains("LimitMEMLOCK", "ulimit -l");
    }

    @Test
    void whereIoUringIsAllowedItIsIoUring() throws IOException {
        Assumptions.assumeTrue(IoUring.isAvailable(), "this kernel has no io_uring");
        assertThat(logOfServingOver("io_uring", List.of())).doesNotContain("can't be had");
    }

    /** The superuser's rings aren't counted, thanks to a capability that only the superuser can be without. */
    private static List<String> asOrdinaryUserWhoMayLock(int bytesMax) {
        var launcher = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            launcher.addAll(List.of("setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"));
        }
        launcher.addAll(List.of("prlimit", "--memlock=" + bytesMax));
        return launcher;
    }

    private static boolean countsRings(String kernel) {
        String[] numbers = kernel.split("[.-]", 3);
        int major = Integer.parseInt(numbers[0]);
        return major > 6 || (major == 6 && Integer.parseInt(numbers[1]) >= 13);
    }

    private String logOfServingOver(String transport, List<String> launcher) throws IOException {
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
            return service.out();
        }
    }

    /** Valkey by a name, so that looking it up needs a channel, too. */
    private Map<String, String> settings(ValkeyServer valkey) throws IOException {
        Map<String, String> settings = ValkeyServer.environment("localhost:" + valkey.port());
        settings.put(
                "SAVED_STRING_KEYS_FILE",
                Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER))
                        .toString());
        return settings;
    }
}
