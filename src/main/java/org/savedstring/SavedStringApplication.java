package org.savedstring;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.savedstring.keys.TemporaryKey;
import org.savedstring.lifecycle.Shutdown;
import org.savedstring.settings.SettingNames;
import org.savedstring.settings.SettingRanges;
import org.savedstring.store.StringStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the service, and ends it so that nobody notices. */
public final class SavedStringApplication {

    private static final Logger LOG = LoggerFactory.getLogger(SavedStringApplication.class);

    private static final String TRAINING = "SAVED_STRING_TRAINING";

    private SavedStringApplication() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            new SettingNames()
                    .check(System.getenv().keySet(), System.getProperties().stringPropertyNames());
            if (Boolean.parseBoolean(System.getenv(TRAINING))) {
                train(arguments);
            } else {
                serve(arguments);
            }
        } catch (RuntimeException e) {
            refuse(e);
        }
    }

    private static void serve(String[] arguments) throws InterruptedException {
        long startedAtNanos = System.nanoTime();
        ApplicationContext context = newContext(arguments, Map.of());
        EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
        announce(context, server, startedAtNanos);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            context.getBean(Shutdown.class).run();
                            context.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
    }

    private static void train(String[] arguments) {
        try (Training training = new Training();
                ApplicationContext context = newContext(arguments, training.settings())) {
            training.run(context.getBean(EmbeddedServer.class).start());
        }
        System.exit(0);
    }

    private static ApplicationContext newContext(String[] arguments, Map<String, Object> overrides) {
        ApplicationContext context = ApplicationContext.builder()
                .args(arguments)
                .properties(overrides)
                .deduceEnvironment(false)
                .banner(false)
                .build();
        new SettingRanges().check(context.getEnvironment().start());
        return context.start();
    }

    private static void announce(ApplicationContext context, EmbeddedServer server, long startedAtNanos) {
        LOG.info(
                "Saved String {} serves port {} from the {}, started in {} ms",
                version(),
                server.getPort(),
                context.getBean(StringStore.class).description(),
                (System.nanoTime() - startedAtNanos) / 1_000_000);
        context.findBean(TemporaryKey.class).ifPresent(key -> showKey(server.getPort(), key));
    }

    /** On standard output rather than in the log, which is kept. */
    @SuppressWarnings("SystemOut")
    private static void showKey(int port, TemporaryKey key) {
        System.out.printf(
                "%nOpen http://localhost:%d/ and change the string, with a key that is valid for this run only:%n%n"
                        + "  curl -X PUT -H 'X-API-Key: %s' --data 'hello world' http://localhost:%d/%n%n",
                port, key.value(), port);
    }

    @SuppressWarnings("SystemOut")
    private static void refuse(RuntimeException failure) {
        Throwable root = failure;
        while (root.getCause() != null && !isSentence(root)) {
            root = root.getCause();
        }
        LOG.debug("start failed", failure);
        System.err.println("Saved String can't start: " + root.getMessage());
        System.exit(1);
    }

    /** Our own refusals are sentences; what the framework wraps around them isn't. */
    private static boolean isSentence(Throwable failure) {
        return failure instanceof IllegalArgumentException || failure instanceof IllegalStateException;
    }

    private static String version() {
        String version = SavedStringApplication.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
