package org.savedstring;

import io.micronaut.runtime.Micronaut;

/** Starts the service. */
final class SavedStringApplication {

    private SavedStringApplication() {}

    public static void main(String[] arguments) {
        Micronaut.build(arguments).mainClass(SavedStringApplication.class).start();
    }
}
