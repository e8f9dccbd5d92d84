package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.Ports;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TcpProxy;
import org.savedstring.machine.TestKeys;
import org.savedstring.machine.ValkeyServer;

/** After redis-cluster-client #519: the name of a node stands for several addresses, of which some are dead. */
class SeveralAddressesTest {

    private static final String NAME = "valkey.test";
    private static final String REFUSES = "127.0.0.2";
    private static final String SWALLOWS = "127.0.0.3";
    private static final String ANSWERS = "127.0.0.4";

    @TempDir
    private Path directory;

    @Test
    void everyAddressOfANameIsTriedAtTheStartAndWhenTheOneInUseDies() throws Exception {
        int port = Ports.free();
        List<String> launcher = withHosts(REFUSES, SWALLOWS, ANSWERS);
        try (var valkey = ValkeyServer.start();
                var silent = proxy(SWALLOWS, port, valkey);
                var alive = proxy(ANSWERS, port, valkey)) {
            silent.cut();
            try (var service = ServiceInstance.start(launcher, settings(port));
                    var http = service.http()) {
                assertThat(http.put("found", "X-API-Key", TestKeys.WRITER).status())
                        .isEqualTo(200);

                silent.restore();
                alive.cut();

                await().untilAsserted(() -> assertThat(http.get("/").text()).contains("The saved string is found"));
                await().untilAsserted(() -> assertThat(http.put("found again", "X-API-Key", TestKeys.WRITER)
                                .status())
                        .isEqualTo(200));
            }
        }
    }

    private static TcpProxy proxy(String address, int port, ValkeyServer valkey) throws IOException {
        return new TcpProxy(InetAddress.getByName(address), port, HttpConnection.local(valkey.port()));
    }

    /** The process gets an /etc/hosts of its own. */
    private List<String> withHosts(String... addresses) throws Exception {
        var lines = new StringBuilder("127.0.0.1 localhost\n");
        for (String address : addresses) {
            lines.append(address).append(' ').append(NAME).append('\n');
        }
        Path hosts = Files.writeString(directory.resolve("hosts"), lines);
        var launcher = new ArrayList<>(List.of("unshare", "--mount"));
        if (!System.getProperty("user.name").equals("root")) {
            launcher.addAll(List.of("--user", "--map-root-user"));
        }
        launcher.addAll(List.of("sh", "-c", "mount --bind " + hosts + " /etc/hosts && exec \"$@\"", "sh"));
        var trial = new ArrayList<>(launcher);
        trial.add("true");
        Assumptions.assumeTrue(
                new ProcessBuilder(trial).start().waitFor() == 0, "this user may not mount in a namespace of its own");
        return launcher;
    }

    private Map<String, String> settings(int port) throws IOException {
        Map<String, String> settings = ValkeyServer.environment(NAME + ":" + port);
        settings.put("SAVED_STRING_VALKEY_CONNECT_AT_START_TIMEOUT", "60s");
        settings.put(
                "SAVED_STRING_KEYS_FILE",
                Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER))
                        .toString());
        return settings;
    }
}
