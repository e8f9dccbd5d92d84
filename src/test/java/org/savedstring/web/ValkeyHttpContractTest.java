package org.savedstring.web;

import java.util.Map;

/** The same contract over Valkey. */
class ValkeyHttpContractTest extends HttpContractTest {

    @Override
    protected Map<String, String> settings() {
        return overValkey();
    }
}
