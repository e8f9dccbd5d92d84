package org.savedstring.proof;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.savedstring.load.WorkloadReport;

/** What each fault did, as a table for people. */
final class FaultTable {

    private static final MarkdownTable TABLE = new MarkdownTable(Path.of("target/faults.md"), """
            | fault | fault lasted, ms | requests | changes confirmed | outcome unknown | confirmed changes lost \
            | wrong answers | longest without a read, ms | longest without a change, ms | well again after, ms \
            | slowest read, ms | longest that an open page claimed an older string to be current, ms |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """);

    private FaultTable() {}

    static void note(String fault, WorkloadReport report, long lost, Duration lasted, Duration backAfter) {
        note(fault, report, lost, lasted, backAfter, null);
    }

    /** With what was seen on pages that were open meanwhile. */
    static void note(
            String fault,
            WorkloadReport report,
            long lost,
            Duration lasted,
            Duration backAfter,
            @Nullable Duration staleClaim) {
        TABLE.add("| %s | %,d | %,d | %,d | %,d | %d | %d | %,d | %,d | %,d | %,d | %s |%n"
                .formatted(
                        fault,
                        lasted.toMillis(),
                        report.attempts().size(),
                        report.acknowledged(),
                        report.unknown(),
                        lost,
                        report.verdict().violations().size(),
                        report.readsUnavailable().toMillis(),
                        report.writesUnavailable().toMillis(),
                        backAfter.toMillis(),
                        report.slowestRead().toMillis(),
                        staleClaim == null ? "–" : "%,d".formatted(staleClaim.toMillis())));
    }
}
