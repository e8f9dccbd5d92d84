package org.savedstring.web;

import java.util.Map;

/** The same reads, answered by the framework instead of the fast way in front of it. */
class OrdinaryReadsTest extends RepresentationsTest {

    @Override
    protected Map<String, String> settings() {
        return Map.of("saved-string.http.fast-reads", "false");
    }
}
