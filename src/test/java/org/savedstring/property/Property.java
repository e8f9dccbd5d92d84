package org.savedstring.property;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tries a promise on random lists. Of one that breaks it, the failure shows what is left when everything is taken away that
 * can be, and the seed, with which {@code -Dproperty.seed=…} makes the same examples again.
 */
public final class Property<T> {

    private static final String SEED = "property.seed";
    private static final int SHRINKS_MAX = 2_000;
    private static final RandomGeneratorFactory<RandomGenerator> RANDOM = RandomGeneratorFactory.of("L64X128MixRandom");

    private final Consumer<List<T>> promise;
    private final Function<T, List<T>> simpler;
    private int shrinks;

    private Property(Consumer<List<T>> promise, Function<T, List<T>> simpler) {
        this.promise = promise;
        this.simpler = simpler;
    }

    /** Tries so many examples; a list as it is, or with fewer or simpler elements, must be an example, too. */
    public static <T> void check(
            int tries,
            Function<RandomGenerator, List<T>> example,
            Function<T, List<T>> simpler,
            Consumer<List<T>> promise) {
        checkFrom(System.nanoTime(), tries, example, simpler, promise);
    }

    /** The same examples each time, from this seed on. */
    public static <T> void checkFrom(
            long firstSeed,
            int tries,
            Function<RandomGenerator, List<T>> example,
            Function<T, List<T>> simpler,
            Consumer<List<T>> promise) {
        long first = Long.getLong(SEED, firstSeed);
        for (long seed = first; seed < first + tries; seed++) {
            List<T> tried = example.apply(RANDOM.create(seed));
            new Property<>(promise, simpler).tryOut(tried, seed);
        }
    }

    private void tryOut(List<T> tried, long seed) {
        Throwable broken = failure(tried);
        if (broken == null) {
            return;
        }
        List<T> least = tried;
        for (Optional<List<T>> less = less(least); less.isPresent(); less = less(least)) {
            least = less.get();
        }
        Throwable cause = failure(least);
        throw new AssertionError(
                "broken by %s, shrunk from %s; again with -D%s=%d: %s".formatted(least, tried, SEED, seed, broken),
                cause == null ? broken : cause);
    }

    /** One with less in it that breaks the promise as well. */
    private Optional<List<T>> less(List<T> breaking) {
        for (int length = Math.max(1, breaking.size() / 2); length > 0; length /= 2) {
            for (int from = 0; from + length <= breaking.size(); from += length) {
                var shorter = new ArrayList<>(breaking);
                shorter.subList(from, from + length).clear();
                if (breaks(shorter)) {
                    return Optional.of(shorter);
                }
            }
        }
        for (int i = 0; i < breaking.size(); i++) {
            for (T element : simpler.apply(breaking.get(i))) {
                var plainer = new ArrayList<>(breaking);
                plainer.set(i, element);
                if (breaks(plainer)) {
                    return Optional.of(plainer);
                }
            }
        }
        return Optional.empty();
    }

    private boolean breaks(List<T> example) {
        return shrinks++ < SHRINKS_MAX && failure(example) != null;
    }

    private @Nullable Throwable failure(List<T> example) {
        try {
            promise.accept(example);
            return null;
        } catch (RuntimeException | AssertionError e) {
            return e;
        }
    }
}
