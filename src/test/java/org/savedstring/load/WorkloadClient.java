package org.savedstring.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;
import org.savedstring.proof.linearizability.Operation;
import org.savedstring.proof.linearizability.Operation.FailedWrite;
import org.savedstring.proof.linearizability.Operation.Read;
import org.savedstring.proof.linearizability.Operation.RefusedWrite;
import org.savedstring.proof.linearizability.Operation.UnknownWrite;
import org.savedstring.proof.linearizability.Operation.Write;

/** One reader or writer that does one thing after the other, at a steady pace, and writes down what it was told. */
public final class WorkloadClient implements Runnable {

    private static final int CONDITIONAL_EVERY = 4;

    private final String name;
    private final String target;
    private final boolean writes;
    private final InetSocketAddress address;
    private final String apiKey;
    private final long paceNanos;
    private final BooleanSupplier stopped;
    private final AtomicLong count;
    private final List<Attempt> attempts = new ArrayList<>();
    private int sequence;
    private volatile long lastServedNanos = Long.MIN_VALUE;
    private @Nullable HttpConnection connection;

    public WorkloadClient(
            String name,
            Workload.Target target,
            boolean writes,
            String apiKey,
            long paceNanos,
            BooleanSupplier stopped,
            AtomicLong count) {
        this.name = name;
        this.target = target.name();
        this.writes = writes;
        this.address = target.address();
        this.apiKey = apiKey;
        this.paceNanos = paceNanos;
        this.stopped = stopped;
        this.count = count;
    }

    /** Whether it was served with a request of its own kind that it began after this time. */
    boolean wasServedAfter(long nanos) {
        return lastServedNanos > nanos;
    }

    public List<Attempt> attempts() {
        return attempts;
    }

    @Override
    public void run() {
        while (!stopped.getAsBoolean()) {
            long started = System.nanoTime();
            act();
            LockSupport.parkNanos(paceNanos - (System.nanoTime() - started));
        }
        disconnect();
    }

    private void act() {
        if (!isConnected()) {
            return;
        }
        if (!writes) {
            read();
            return;
        }
        sequence++;
        if (sequence % CONDITIONAL_EVERY == 0) {
            writeConditionally();
        } else {
            write(null);
        }
    }

    /** Where there is no connection, nothing was sent. */
    private boolean isConnected() {
        long invoked = System.nanoTime();
        try {
            if (connection == null) {
                connection = new HttpConnection(address);
            }
            return true;
        } catch (IOException e) {
            record(writes, invoked, null, "no connection: " + e.getMessage());
            return false;
        }
    }

    private @Nullable Answer read() {
        long invoked = System.nanoTime();
        try {
            Answer answer = exchange("GET", "", "Accept", "application/json");
            if (answer.version() < 0) {
                record(false, invoked, null, summary(answer));
                return null;
            }
            record(false, invoked, new Read(invoked, System.nanoTime(), answer.version(), answer.value()), null);
            return answer;
        } catch (IOException e) {
            record(false, invoked, null, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void writeConditionally() {
        Answer seen = read();
        if (seen != null) {
            write(seen);
        }
    }

    private void write(@Nullable Answer expected) {
        String value = name + "-" + sequence;
        long expectedVersion = expected == null ? Operation.ANY_VERSION : expected.version();
        long invoked = System.nanoTime();
        try {
            Answer answer = expected == null
                    ? exchange("PUT", value, "X-API-Key", apiKey)
                    : exchange("PUT", value, "X-API-Key", apiKey, "If-Match", expected.entityTag());
            Operation operation = operation(answer, invoked, value, expectedVersion);
            boolean answered = operation instanceof Write || operation instanceof RefusedWrite;
            record(true, invoked, operation, answered ? null : summary(answer));
        } catch (IOException e) {
            record(true, invoked, new UnknownWrite(invoked, value, expectedVersion), String.valueOf(e.getMessage()));
        }
    }

    /** A refusal counts as one only if the application itself says so; the load balancer can't know. */
    private static Operation operation(Answer answer, long invoked, String value, long expectedVersion) {
        long returned = System.nanoTime();
        if (answer.version() >= 0) {
            return new Write(invoked, returned, answer.version(), value, expectedVersion);
        }
        if (answer.status() == 412) {
            return new RefusedWrite(invoked, returned, value, expectedVersion);
        }
        boolean nothingSaved = answer.text().contains("Nothing was saved") || answer.status() < 500;
        return nothingSaved
                ? new FailedWrite(invoked, returned, value)
                : new UnknownWrite(invoked, value, expectedVersion);
    }

    private Answer exchange(String method, String body, String... headers) throws IOException {
        try {
            Answer answer = Objects.requireNonNull(connection).request(method, "/", body.getBytes(UTF_8), headers);
            if (answer.closes()) {
                disconnect();
            }
            return answer;
        } catch (IOException e) {
            disconnect();
            throw e;
        }
    }

    private void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            connection = null;
        }
    }

    private void record(boolean write, long invoked, @Nullable Operation operation, @Nullable String failure) {
        if (write == writes && failure == null) {
            lastServedNanos = invoked;
        }
        attempts.add(new Attempt(target, write, invoked, System.nanoTime(), operation, failure));
        count.incrementAndGet();
    }

    private static String summary(Answer answer) {
        String type = answer.text().replaceFirst("(?s).*\"type\":\"([^\"]*)\".*", "$1");
        return answer.status() + " " + (type.length() > 80 ? "" : type.strip());
    }
}
