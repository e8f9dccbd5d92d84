package org.savedstring.web;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.savedstring.machine.ValkeyServer;

/** The same contract over Valkey. */
class ValkeyHttpContractTest extends HttpContractTest {

    private final ValkeyServer valkey = ValkeyServer.start();

    @Override
    protected Map<String, String> settings() {
        return valkey.settings();
    }

    @AfterAll
    final void stopValkey() {
        valkey.close();
    }
}
