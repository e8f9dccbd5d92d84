package org.savedstring.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PropertyTest {

    @Test
    void promiseThatHoldsIsTriedAsOftenAsWanted() {
        var tries = new AtomicInteger();
        Property.check(100, PropertyTest::numbers, PropertyTest::smaller, numbers -> tries.incrementAndGet());
        assertThat(tries).hasValue(100);
    }

    @Test
    void failureShowsTheLeastThatBreaksThePromiseAndTheSeed() {
        assertThatThrownBy(() -> Property.check(
                        1_000,
                        PropertyTest::numbers,
                        PropertyTest::smaller,
                        numbers -> assertThat(numbers.stream().filter(number -> number > 6))
                                .hasSizeLessThan(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("broken by [7, 7]")
                .hasMessageContaining("-Dproperty.seed=");
    }

    private static List<Integer> numbers(RandomGenerator random) {
        return IntStream.range(0, random.nextInt(30))
                .mapToObj(i -> random.nextInt(100))
                .toList();
    }

    private static List<Integer> smaller(int number) {
        return number == 0 ? List.of() : List.of(0, number / 2, number - 1);
    }
}
