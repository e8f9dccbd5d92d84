package org.savedstring.web;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.savedstring.machine.ValkeyServer;

/** A test class with a running service over a Valkey of its own. */
abstract class ValkeyServiceTest extends ServiceTest {

    private final ValkeyServer valkey = ValkeyServer.start();

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.store", "valkey",
                "saved-string.valkey.address", valkey.address(),
                "saved-string.valkey.tls", "false",
                "saved-string.valkey.confirming-replicas", "0");
    }

    @AfterAll
    final void stopValkey() {
        valkey.close();
    }

    final ValkeyServer valkey() {
        return valkey;
    }
}
