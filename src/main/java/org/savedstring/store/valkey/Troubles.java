package org.savedstring.store.valkey;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log why the store can't be used: one line when it begins, one for each further reason, one a minute while it
 * lasts, one when it ends. May be told from any thread.
 */
final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger("org.savedstring.store");
    private static final int REASONS_MAX = 8;
    private static final long REMINDER_SECONDS = 60;

    private final Set<Object> troubled = new HashSet<>();
    private final Set<String> purposes = new TreeSet<>();
    private final Set<Advice> said = new HashSet<>();
    private long beganAtNanos;
    private long remindedAtNanos;
    private long failures;
    private @Nullable String sentence;

    /**
     * Reports that something failed.
     *
     * @param source what is in trouble until {@link #end}
     * @param purpose what can't be done meanwhile
     * @param node where, if that is known
     * @param words why, in Valkey's own words if it has any
     */
    synchronized void tell(Object source, String purpose, String node, String words) {
        if (troubled.isEmpty()) {
            beganAtNanos = System.nanoTime();
            remindedAtNanos = beganAtNanos;
            failures = 0;
            said.clear();
            purposes.clear();
        }
        troubled.add(source);
        purposes.add(purpose);
        failures++;
        Advice advice = Advice.on(words);
        sentence = "%s: %s; %s".formatted(node.isEmpty() ? "Valkey" : "Valkey at " + node, words, advice.help());
        if (said.size() < REASONS_MAX && said.add(advice)) {
            LOG.warn("Trouble with {} (for {})", sentence, purpose);
        }
    }

    /** Reports that the source works again. */
    synchronized void end(Object source) {
        if (troubled.remove(source) && troubled.isEmpty()) {
            sentence = null;
            LOG.info(
                    "The trouble with Valkey is over after {} ms; failures: {} (for {})",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganAtNanos),
                    failures,
                    String.join(", ", purposes));
        }
    }

    /** To be called about once a second. */
    synchronized void remind() {
        if (!troubled.isEmpty() && seconds(remindedAtNanos) >= REMINDER_SECONDS) {
            remindedAtNanos = System.nanoTime();
            LOG.warn(
                    "Still trouble, for {} s; failures: {} (for {}); last with {}",
                    seconds(beganAtNanos),
                    failures,
                    String.join(", ", purposes),
                    sentence);
        }
    }

    /** What is wrong at the moment. */
    synchronized Optional<String> sentence() {
        return Optional.ofNullable(sentence);
    }

    private static long seconds(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
    }
}
