package org.savedstring.lifecycle;

import jakarta.inject.Singleton;

/** Whether the instance is on its way out: it still serves, but asks for no more. */
@Singleton
public final class Draining {

    private volatile boolean draining;

    public boolean isDraining() {
        return draining;
    }

    void begin() {
        draining = true;
    }
}
