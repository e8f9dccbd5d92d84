package org.savedstring.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** That the load of the load tests is held to the memory of an instance's unit. */
class MemoryGroupTest {

    private static final int MIB = 32;

    @Test
    void whatTakesMoreThanItsUnitMayIsEndedAndCounted() {
        Optional<MemoryGroup> made = MemoryGroup.ofMib(MIB);
        Assumptions.assumeTrue(
                made.isPresent(),
                "no control groups can be made here: load tests looked at resident memory, without the limit of the unit");
        try (MemoryGroup group = made.orElseThrow()) {
            assertThat(exitOfTaking(MIB / 4, group)).isZero();
            assertThat(group.killed()).isZero();
            assertThat(exitOfTaking(MIB * 2, group)).isNotZero();
            assertThat(group.killed()).isPositive();
        }
    }

    @Test
    void theLimitOfTheUnitIsKnown() {
        assertThat(MemoryGroup.unitMib()).isBetween(256, 2_048);
    }

    /** Of a program that keeps a line until it has come to its end, which never comes. */
    private int exitOfTaking(int mib, MemoryGroup group) {
        var command = new ArrayList<>(group.launcher());
        command.addAll(List.of("/bin/sh", "-c", "head -c " + mib + "M /dev/zero | tail -n 1 >/dev/null"));
        try (ChildProcess taking = ChildProcess.start(ChildProcess.temporaryDirectory("memory"), Map.of(), command)) {
            return taking.awaitExit();
        }
    }
}
