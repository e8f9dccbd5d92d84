package org.savedstring.proof;

import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.savedstring.machine.Cell;

/** Hands the tests one cell, started when the first of them asks for it and ended after the last. */
final class SharedCell implements ParameterResolver, AfterAllCallback {

    /** As many versions as there may be, so that a test finds those that it wrote. */
    static final Map<String, String> SETTINGS =
            Map.of("SAVED_STRING_HISTORY_VERSIONS_MAX", "100000", "SAVED_STRING_DRAIN_DELAY", "1s");

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedCell.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cell.class;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Cell cell = context.getRoot().getStore(NAMESPACE).get(Cell.class, Cell.class);
        if (cell != null) {
            cell.assertLeakedNothing();
        }
    }

    @Override
    public Cell resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Cell.class, type -> Cell.start(SETTINGS), Cell.class);
    }
}
