package org.savedstring.proof;

import java.nio.file.Path;

/** What was measured under each kind of load, as a table for people. */
final class LoadTable {

    private static final MarkdownTable TABLE = new MarkdownTable(Path.of("target/load.md"), """
            | load | measured | figure |
            |---|---|--:|
            """);

    private LoadTable() {}

    static void note(String load, String measured, String figure) {
        TABLE.add("| %s | %s | %s |%n".formatted(load, measured, figure));
    }

    static void note(String load, String measured, long figure, String unit) {
        note(load, measured, "%,d %s".formatted(figure, unit));
    }
}
