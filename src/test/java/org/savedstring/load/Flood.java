package org.savedstring.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.savedstring.machine.Answer;
import org.savedstring.machine.HttpConnection;

/**
 * Writers, each with a connection of its own, that ask for the next write as soon as they are answered; one that is refused
 * comes back when it was told to.
 */
public final class Flood {

    private static final byte[] VALUE = "x".repeat(4_000).getBytes(UTF_8);

    private final InetSocketAddress address;
    private final String apiKey;
    private final Map<Integer, Answers> answers = new ConcurrentHashMap<>();

    public Flood(InetSocketAddress address, String apiKey) {
        this.address = address;
        this.apiKey = apiKey;
    }

    /** How many answers had a certain status, and how long the slowest of them took. */
    public record Answers(AtomicLong count, AtomicLong slowestNanos) {

        public Duration slowest() {
            return Duration.ofNanos(slowestNanos.get());
        }
    }

    public Answers answers(int status) {
        return answers.computeIfAbsent(status, any -> new Answers(new AtomicLong(), new AtomicLong()));
    }

    /** One writer, until it was told to stop. */
    public void write(Repeated.Stop stop) throws IOException {
        try (var connection = new HttpConnection(address)) {
            while (!stop.isWanted()) {
                long asked = System.nanoTime();
                Answer answer = connection.request("PUT", "/", VALUE, "X-API-Key", apiKey);
                note(answer.status(), System.nanoTime() - asked);
                if (answer.status() != 200) {
                    comeBackLater(answer);
                }
                if (answer.closes()) {
                    return;
                }
            }
        }
    }

    private void note(int status, long tookNanos) {
        Answers same = answers(status);
        same.count().incrementAndGet();
        same.slowestNanos().accumulateAndGet(tookNanos, Math::max);
    }

    private static void comeBackLater(Answer refusal) {
        String seconds = refusal.header("Retry-After");
        if (refusal.status() != 503 || seconds.isEmpty()) {
            throw new IllegalStateException("refused without saying until when: " + refusal);
        }
        LockSupport.parkNanos(Duration.ofSeconds(Long.parseLong(seconds)).toNanos());
    }
}
