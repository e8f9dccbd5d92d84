package org.savedstring.web;

import java.util.Map;

/** The same contract, with every read answered by the framework. */
class OrdinaryHttpContractTest extends HttpContractTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("saved-string.http.fast-reads", "false");
    }
}
