package org.savedstring.web;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.savedstring.machine.ValkeyServer;

/** A test class with a running service over a Valkey of its own. */
abstract class ValkeyServiceTest extends ServiceTest {

    private final ValkeyServer valkey = ValkeyServer.start();

    @Override
    protected Map<String, String> settings() {
        return valkey.settings();
    }

    @AfterAll
    final void stopValkey() {
        valkey.close();
    }

    final ValkeyServer valkey() {
        return valkey;
    }
}
