package org.savedstring.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table for people that is in its file as soon as a row is added. */
final class MarkdownTable {

    private final Path file;
    private final String head;
    private final List<String> rows = new ArrayList<>();

    MarkdownTable(Path file, String head) {
        this.file = file;
        this.head = head;
    }

    synchronized void add(String row) {
        rows.add(row);
        write();
    }

    synchronized void addFirst(String row) {
        rows.addFirst(row);
        write();
    }

    private void write() {
        try {
            Files.writeString(file, head + String.join("", rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
