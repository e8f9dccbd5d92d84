package org.savedstring.proof;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.savedstring.load.WorkloadReport;

/** What each fault did, as a table for people. */
final class FaultTable {

    private static final String NO_FAULT = "none";

    private static final MarkdownTable TABLE = new MarkdownTable(Path.of("target/faults.md"), """
            | fault | fault lasted, ms | requests | failed | changes confirmed | outcome unknown \
            | confirmed changes lost, and said to be | lost without a word | wrong answers | longest without a read, ms \
            | longest without a change, ms | well again after, ms | slowest read, ms \
            | longest that an open page claimed an older string to be current, ms |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """);

    /**
     * Confirmed changes that the store doesn't have any more.
     *
     * @param said the store says so
     * @param unsaid it doesn't
     */
    record Lost(long said, long unsaid) {

        static final Lost NONE = new Lost(0, 0);
    }

    private FaultTable() {}

    static void note(String fault, WorkloadReport report, Lost lost, Duration lasted, Duration backAfter) {
        note(fault, report, lost, lasted, backAfter, null);
    }

    /** With what was seen on pages that were open meanwhile. */
    static void note(
            String fault,
            WorkloadReport report,
            Lost lost,
            Duration lasted,
            Duration backAfter,
            @Nullable Duration staleClaim) {
        String row = "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %d | %,d | %,d | %,d | %,d | %s |%n"
                .formatted(
                        fault,
                        lasted.toMillis(),
                        report.attempts().size(),
                        report.failed(),
                        report.acknowledged(),
                        report.unknown(),
                        lost.said(),
                        lost.unsaid(),
                        report.verdict().violations().size(),
                        report.readsUnavailable().toMillis(),
                        report.writesUnavailable().toMillis(),
                        backAfter.toMillis(),
                        report.slowestRead().toMillis(),
                        staleClaim == null ? "–" : "%,d".formatted(staleClaim.toMillis()));
        if (fault.equals(NO_FAULT)) {
            TABLE.addFirst(row);
        } else {
            TABLE.add(row);
        }
    }
}
