package org.savedstring;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.savedstring.keys.ApiKeys;
import org.savedstring.keys.TemporaryKey;
import org.savedstring.lifecycle.Shutdown;
import org.savedstring.settings.Settings;
import org.savedstring.store.StringStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the service, and stops it without anybody noticing. */
public final class SavedStringApplication {

    private static final Logger LOG = LoggerFactory.getLogger(SavedStringApplication.class);

    private SavedStringApplication() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            Settings settings = new Settings();
            settings.checkNames(System.getenv().keySet(), System.getProperties().stringPropertyNames());
            serve(arguments, settings);
        } catch (RuntimeException e) {
            refuse(e);
        }
    }

    private static void serve(String[] arguments, Settings settings) throws InterruptedException {
        long startedAtNanos = System.nanoTime();
        ApplicationContext context = newContext(arguments, settings);
        EmbeddedServer server = start(context.getBean(EmbeddedServer.class));
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

    private static EmbeddedServer start(EmbeddedServer server) {
        try {
            return server.start();
        } catch (ServerStartupException e) {
            throw new IllegalStateException(
                    "port %d is not available (%s); stop whatever uses it, or set SAVED_STRING_HTTP_PORT to another"
                            .formatted(server.getPort(), rootOf(e).getMessage()),
                    e);
        }
    }

    private static ApplicationContext newContext(String[] arguments, Settings settings) {
        ApplicationContext context = ApplicationContext.builder()
                .args(arguments)
                .deduceEnvironment(false)
                .banner(false)
                .build();
        settings.checkValues(context.getEnvironment().start());
        return context.start();
    }

    private static void announce(ApplicationContext context, EmbeddedServer server, long startedAtNanos) {
        LOG.info(
                "Saved String {} serves port {} from the {}, started in {} ms",
                version(),
                server.getPort(),
                context.getBean(StringStore.class).description(),
                (System.nanoTime() - startedAtNanos) / 1_000_000);
        if (context.getProperty("saved-string.log.format", String.class)
                .filter("text"::equals)
                .isPresent()) {
            showHowToWrite(server.getPort(), context);
        }
    }

    /** On standard output rather than in the log, which is kept. */
    @SuppressWarnings("SystemOut")
    private static void showHowToWrite(int port, ApplicationContext context) {
        Optional<TemporaryKey> key = context.findBean(TemporaryKey.class);
        List<String> writers = context.getBean(ApiKeys.class).writers();
        System.out.printf(
                "%nOpen http://localhost:%d/ and change the string, with %s:%n%n"
                        + "  curl -X PUT -H %s --data 'hello world' http://localhost:%d/%n%n",
                port,
                key.isPresent() ? "a key that is valid for this run only" : keyOf(writers),
                key.map(made -> "'X-API-Key: " + made.value() + "'").orElse("\"X-API-Key: $KEY\""),
                port);
    }

    private static String keyOf(List<String> writers) {
        return writers.isEmpty()
                ? "a key in KEY; so far nobody has one that may change it"
                : "the key of " + String.join(" or ", writers) + " in KEY";
    }

    @SuppressWarnings("SystemOut")
    private static void refuse(RuntimeException failure) {
        LOG.debug("start failed", failure);
        System.err.println("Saved String can't start: " + rootOf(failure).getMessage());
        System.exit(1);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !isSentence(root)) {
            root = root.getCause();
        }
        return root;
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
