package org.savedstring.proof;

import java.nio.file.Path;

/** What was measured under each kind of load, as a table for people. */
final class LoadTable {

    private static final MarkdownTable TABLE = new MarkdownTable(Path.of("target/load.md"), """
            | load | measured | figure | unit |
            |---|---|--:|---|
            """);

    private LoadTable() {}

    /** One figure; its unit may be empty for what is counted. */
    static void note(String load, String measured, long figure, String unit) {
        TABLE.add("| %s | %s | %,d | %s |%n".formatted(load, measured, figure, unit));
    }
}
