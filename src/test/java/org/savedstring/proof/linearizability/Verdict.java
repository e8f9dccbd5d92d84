package org.savedstring.proof.linearizability;

import java.util.List;
import java.util.stream.Collectors;

/** What the checker found; a history is linearizable when there is nothing. */
public record Verdict(long operations, List<Violation> violations) {

    private static final int SHOWN_MAX = 10;

    /** One reason why no order of the operations explains what the clients saw. */
    public record Violation(String rule, List<Operation> operations) {}

    public boolean isLinearizable() {
        return violations.isEmpty();
    }

    @Override
    public String toString() {
        return violations.size() + " violations in " + operations + " operations"
                + violations.stream()
                        .limit(SHOWN_MAX)
                        .map(violation -> "\n  " + violation.rule() + ": " + violation.operations())
                        .collect(Collectors.joining());
    }
}
