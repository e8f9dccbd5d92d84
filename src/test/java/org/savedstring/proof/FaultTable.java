package org.savedstring.proof;

import java.nio.file.Path;
import java.time.Duration;
import org.savedstring.load.WorkloadReport;

/** What each fault did, as a table for people. */
final class FaultTable {

    private static final MarkdownTable TABLE = new MarkdownTable(Path.of("target/faults.md"), """
            | fault | fault lasted, ms | requests | changes confirmed | outcome unknown | confirmed changes lost \
            | wrong answers | longest without a read, ms | longest without a change, ms | well again after, ms \
            | slowest read, ms |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """);

    private FaultTable() {}

    static void note(String fault, WorkloadReport report, long lost, Duration lasted, Duration backAfter) {
        TABLE.add("| %s | %,d | %,d | %,d | %,d | %d | %d | %,d | %,d | %,d | %,d |%n"
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
                        report.slowestRead().toMillis()));
    }
}
