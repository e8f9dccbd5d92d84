package org.savedstring;

import jakarta.inject.Singleton;

/** Whether the instance is on its way out: it still serves, but asks for no more. */
@Singleton
public final class Drain {

    private volatile boolean draining;

    public boolean isDraining() {
        return draining;
    }

    void begin() {
        draining = true;
    }
}
