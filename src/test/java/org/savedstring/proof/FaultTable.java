package org.savedstring.proof;

import java.nio.file.Path;
import java.time.Duration;
import org.savedstring.load.WorkloadReport;

/** What each fault did, as a table for people. */
final class FaultTable {

    private static final MarkdownTable TABLE = new MarkdownTable(Path.of("target/faults.md"), """
            | fault | operations | writes acknowledged | outcome unknown | lost | violations | reads unavailable ms \
            | writes unavailable ms | back after ms | slowest GET ms |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """);

    private FaultTable() {}

    static void note(String fault, WorkloadReport report, long lost, Duration backAfter) {
        TABLE.add("| %s | %,d | %,d | %,d | %d | %d | %,d | %,d | %,d | %,d |%n"
                .formatted(
                        fault,
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
