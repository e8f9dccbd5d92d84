package org.savedstring.store.valkey;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.savedstring.store.StoreException;

/** The first steps of a start: each is tried again until it succeeds or the start has taken too long. */
final class PatientStart {

    private static final long PAUSE_MS = 50;

    private final ValkeySettings settings;
    private final Troubles troubles;
    private final long endsAtNanos;

    PatientStart(ValkeySettings settings, Troubles troubles) {
        this.settings = settings;
        this.troubles = troubles;
        this.endsAtNanos = System.nanoTime() + settings.connectAtStartTimeout().toNanos();
    }

    /**
     * Waits until all connections have been made; they try again by themselves.
     *
     * @throws IllegalStateException if they aren't in time
     */
    void awaitConnections(CompletableFuture<Void> connections) {
        try {
            connections.get(Math.max(0, leftNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw failed("no answer in time");
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * Does a step until it succeeds.
     *
     * @throws IllegalStateException if it doesn't succeed in time
     */
    <T> T await(Supplier<CompletionStage<T>> step) {
        while (true) {
            try {
                return step.get().toCompletableFuture().join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof StoreException) || leftNanos() <= 0) {
                    throw failed(String.valueOf(
                            e.getCause() == null ? e : e.getCause().getMessage()));
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private long leftNanos() {
        return endsAtNanos - System.nanoTime();
    }

    private IllegalStateException failed(String reason) {
        String trouble = troubles.sentence()
                .orElseGet(() -> reason + "; " + Advice.on(reason).help());
        return new IllegalStateException("Valkey at " + settings.address() + " can't be used after "
                + settings.connectAtStartTimeout().toMillis()
                + " ms (SAVED_STRING_VALKEY_CONNECT_AT_START_TIMEOUT): " + trouble + ".");
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while connecting to Valkey");
    }
}
