package org.savedstring.web;

import java.util.HashMap;
import java.util.Map;

/** The same contract over Valkey, with every read answered by the framework. */
class OrdinaryValkeyHttpContractTest extends ValkeyHttpContractTest {

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put("saved-string.http.fast-reads", "false");
        return settings;
    }
}
