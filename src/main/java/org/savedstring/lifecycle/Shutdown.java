package org.savedstring.lifecycle;

import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an instance without anybody noticing: at first it only says that it is going, while requests are still served;
 * then open streams end, so that their readers resume elsewhere; then the last requests are answered.
 */
@Singleton
public final class Shutdown implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Draining draining;
    private final GracefulShutdownManager manager;
    private final Duration delay;
    private final Duration timeout;

    Shutdown(
            Draining draining,
            GracefulShutdownManager manager,
            @Value("${saved-string.drain.delay}") Duration delay,
            @Value("${saved-string.drain.timeout}") Duration timeout) {
        this.draining = draining;
        this.manager = manager;
        this.delay = delay;
        this.timeout = timeout;
    }

    @Override
    public void run() {
        LOG.info("draining: requests are served for {} more", delay);
        draining.begin();
        try {
            Thread.sleep(delay);
            manager.shutdownGracefully().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("requests were still open after {}", timeout);
        } catch (ExecutionException e) {
            LOG.warn("the server did not end cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info("ended");
    }
}
