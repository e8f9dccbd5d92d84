package org.savedstring.proof.linearizability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.savedstring.proof.linearizability.Operation.FailedWrite;
import org.savedstring.proof.linearizability.Operation.Read;
import org.savedstring.proof.linearizability.Operation.RefusedWrite;
import org.savedstring.proof.linearizability.Operation.UnknownWrite;
import org.savedstring.proof.linearizability.Operation.Write;

/** Small histories of a register that works, half of them spoilt in one place. */
final class RandomHistory {

    private static final int OPERATIONS_MAX = 7;
    private static final int WINDOW_MAX = 4;

    private final RandomGenerator random;
    private final List<Operation> history = new ArrayList<>();
    private long version;
    private String value = "initial";

    private RandomHistory(RandomGenerator random) {
        this.random = random;
    }

    static List<Operation> of(RandomGenerator random) {
        var generator = new RandomHistory(random);
        int operations = 1 + generator.random.nextInt(OPERATIONS_MAX);
        for (int instant = 0; instant < operations; instant++) {
            generator.history.add(generator.happen(instant));
        }
        if (generator.random.nextInt(4) > 0) {
            generator.spoil();
        }
        Collections.shuffle(generator.history, Random.from(random));
        return generator.history;
    }

    /** One operation in effect at this instant, invoked before and returned after. */
    private Operation happen(long instant) {
        long invoked = instant - random.nextInt(WINDOW_MAX);
        long returned = instant + random.nextInt(WINDOW_MAX);
        String written = "w" + instant;
        return switch (random.nextInt(9)) {
            case 0, 1, 2, 3 -> new Read(invoked, returned, version, value);
            case 4 -> write(invoked, returned, written, Operation.ANY_VERSION);
            case 5 -> write(invoked, returned, written, version);
            case 6 -> unknown(invoked, written);
            case 7 -> refused(invoked, returned, written);
            default -> new FailedWrite(invoked, returned, written);
        };
    }

    private Operation write(long invoked, long returned, String written, long expectedVersion) {
        value = written;
        return new Write(invoked, returned, ++version, written, expectedVersion);
    }

    private Operation unknown(long invoked, String written) {
        long expectedVersion = random.nextBoolean() ? Operation.ANY_VERSION : version;
        if (random.nextBoolean()) {
            value = written;
            version++;
        }
        return new UnknownWrite(invoked, written, expectedVersion);
    }

    private Operation refused(long invoked, long returned, String written) {
        long other = version + 1 - 2L * random.nextInt(2);
        return new RefusedWrite(invoked, returned, written, Math.max(other, version == 0 ? 1 : 0));
    }

    private void spoil() {
        int index = random.nextInt(history.size());
        history.set(index, spoilt(history.get(index)));
    }

    private Operation spoilt(Operation operation) {
        long invoked = operation.invokedNanos() + random.nextInt(-2, 3);
        return switch (operation) {
            case Read read ->
                random.nextBoolean()
                        ? new Read(invoked, invoked + 1, read.version(), read.value())
                        : new Read(
                                read.invokedNanos(), read.returnedNanos(), otherVersion(read.version()), read.value());
            case Write write ->
                random.nextBoolean()
                        ? new Write(invoked, invoked, write.version(), write.value(), write.expectedVersion())
                        : new Write(
                                write.invokedNanos(),
                                write.returnedNanos(),
                                otherVersion(write.version()),
                                write.value(),
                                write.expectedVersion());
            case UnknownWrite write ->
                random.nextBoolean()
                        ? new UnknownWrite(invoked + 3, write.value(), write.expectedVersion())
                        : new FailedWrite(invoked, invoked, write.value());
            case RefusedWrite write -> new RefusedWrite(invoked, invoked + 1, write.value(), random.nextInt(3));
            case FailedWrite write -> new Read(invoked, invoked + 2, version, write.value());
        };
    }

    private long otherVersion(long version) {
        return Math.max(0, version + (random.nextBoolean() ? 1 : -1));
    }
}
