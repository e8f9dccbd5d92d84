package org.savedstring.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that clients don't take, and who is cut for them. */
class UntakenAnswersTest {

    private static final int BYTES_MAX = 250_000;

    private final HeldBytes untaken = new HeldBytes(BYTES_MAX, UntakenAnswers::cut);
    private final List<EmbeddedChannel> connections = new ArrayList<>();

    @AfterEach
    void close() {
        connections.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void whoHasTheMostWaitingIsCutOnceAllTogetherHaveTooMuch() {
        EmbeddedChannel some = waiting(80_000);
        EmbeddedChannel most = waiting(100_000);
        assertThat(some.isOpen() && most.isOpen()).isTrue();
        EmbeddedChannel last = waiting(90_000);
        assertThat(most.isOpen()).isFalse();
        assertThat(some.isOpen() && last.isOpen()).isTrue();
    }

    @Test
    void whatWasTakenCountsNoMore() {
        EmbeddedChannel first = waiting(200_000);
        first.flush();
        EmbeddedChannel second = waiting(200_000);
        assertThat(first.isOpen() && second.isOpen()).isTrue();
    }

    @Test
    void whatWaitedOnAConnectionThatHasEndedCountsNoMore() {
        waiting(200_000).close();
        assertThat(waiting(200_000).isOpen()).isTrue();
    }

    /** A connection whose answer was written, but not sent. */
    private EmbeddedChannel waiting(int bytes) {
        var connection = new EmbeddedChannel(new UntakenAnswers(untaken));
        connections.add(connection);
        connection.write(Unpooled.wrappedBuffer(new byte[bytes]));
        connections.forEach(EmbeddedChannel::runPendingTasks);
        return connection;
    }
}
