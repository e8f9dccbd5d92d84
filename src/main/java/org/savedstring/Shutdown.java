package org.savedstring;

import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.savedstring.live.EventStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an instance that nobody notices: first it only says that it is going, while requests are still served; then
 * open streams end, so that their readers resume elsewhere; then the last requests are answered.
 */
@Singleton
final class Shutdown implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Drain drain;
    private final EventStreams streams;
    private final GracefulShutdownManager manager;
    private final Duration delay;
    private final Duration timeout;

    Shutdown(
            Drain drain,
            EventStreams streams,
            GracefulShutdownManager manager,
            @Value("${saved-string.drain.delay}") Duration delay,
            @Value("${saved-string.drain.timeout}") Duration timeout) {
        this.drain = drain;
        this.streams = streams;
        this.manager = manager;
        this.delay = delay;
        this.timeout = timeout;
    }

    @Override
    public void run() {
        LOG.info("draining: {} event streams open, requests served for {} more", streams.openCount(), delay);
        drain.begin();
        try {
            Thread.sleep(delay);
            streams.completeAll();
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
