package org.savedstring.cell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What each fault did, as a table for people. */
final class FaultTable {

    private static final Path FILE = Path.of("target/faults.md");
    private static final String HEAD = """
            | fault | operations | writes acknowledged | outcome unknown | lost | violations | reads unavailable ms \
            | writes unavailable ms | back after ms | slowest GET ms |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;
    private static final List<String> ROWS = new ArrayList<>();

    private FaultTable() {}

    static synchronized void note(String fault, WorkloadReport report, long lost, Duration backAfter) {
        ROWS.add("| %s | %,d | %,d | %,d | %d | %d | %,d | %,d | %,d | %,d |%n"
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
        try {
            Files.writeString(FILE, HEAD + String.join("", ROWS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
