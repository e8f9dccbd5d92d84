package org.savedstring.connection;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.ReadRequest;
import org.savedstring.store.SavedString;

/** The plain reads of one connection, answered in the order in which they came. Confined to the connection's event loop. */
final class PlainReads {

    /** How many may wait at once; no more is read from a client that sends more. */
    private static final int PENDING_MAX = 32;

    private final Exchanges exchanges;
    private final Consumer<ChannelHandlerContext> known;
    private final Queue<PendingRead> pending = new ArrayDeque<>(2);

    /** @param known told in the event loop when there is something to {@linkplain #write write} */
    PlainReads(Exchanges exchanges, Consumer<ChannelHandlerContext> known) {
        this.exchanges = exchanges;
        this.known = known;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    boolean isFull() {
        return pending.size() >= PENDING_MAX;
    }

    void start(ChannelHandlerContext context, String method, ReadRequest request) {
        PendingRead read = new PendingRead(context, method, request);
        pending.add(read);
        exchanges.read().whenComplete(read::complete);
    }

    /**
     * Writes the answers that are known, up to the first that isn't. One leaves the queue only once it has been
     * written.
     */
    void write(ChannelHandlerContext context) {
        boolean written = false;
        for (PendingRead head = pending.peek(); head != null && head.isKnown(); head = pending.peek()) {
            head.write();
            pending.remove();
            written = true;
        }
        if (written) {
            context.flush();
        }
    }

    void abandon() {
        pending.clear();
    }

    /** One plain read and, in time, its answer. */
    private final class PendingRead {

        private final ChannelHandlerContext context;
        private final String method;
        private final ReadRequest request;
        private final long startedAtNanos = System.nanoTime();
        private @Nullable SavedString saved;
        private @Nullable Throwable failure;

        PendingRead(ChannelHandlerContext context, String method, ReadRequest request) {
            this.context = context;
            this.method = method;
            this.request = request;
        }

        boolean isKnown() {
            return saved != null || failure != null;
        }

        void complete(@Nullable SavedString result, @Nullable Throwable problem) {
            if (!context.executor().inEventLoop()) {
                context.executor().execute(() -> complete(result, problem));
                return;
            }
            saved = result;
            failure = problem;
            known.accept(context);
        }

        void write() {
            context.write(exchanges.answer(method, request, saved, failure, startedAtNanos), context.voidPromise());
        }
    }
}
