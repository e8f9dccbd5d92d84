package org.savedstring.connection;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The rings of io_uring that a group of event loops will use, all made before the first event loop: the kernel may refuse
 * any of them, and event loops of two kinds can't work together.
 */
final class Rings implements IoHandlerFactory {

    private final IoHandlerFactory factory = IoUringIoHandler.newFactory();
    private final Queue<Ring> unused = new ConcurrentLinkedQueue<>();

    /**
     * Makes as many as there will be event loops.
     *
     * @throws RuntimeException if the kernel refuses one; then there are none
     */
    Rings(int count) {
        try {
            for (int i = 0; i < count; i++) {
                LaterKnown eventLoop = new LaterKnown();
                unused.add(new Ring(factory.newHandler(eventLoop), eventLoop));
            }
        } catch (RuntimeException e) {
            destroyUnused();
            throw e;
        }
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor eventLoop) {
        Ring ring = unused.poll();
        if (ring == null) {
            return factory.newHandler(eventLoop);
        }
        ring.eventLoop.known = eventLoop;
        return ring.handler;
    }

    @Override
    public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
    }

    void destroyUnused() {
        unused.forEach(ring -> destroy(ring.handler));
        unused.clear();
    }

    /** As an event loop does in its thread when it ends. */
    private static void destroy(IoHandler handler) {
        handler.initialize();
        handler.prepareToDestroy();
        handler.destroy();
    }

    private record Ring(IoHandler handler, LaterKnown eventLoop) {}

    /** The event loop of a ring, which is made after it and before its thread starts. */
    private static final class LaterKnown implements ThreadAwareExecutor {

        private @Nullable ThreadAwareExecutor known;

        @Override
        public boolean isExecutorThread(Thread thread) {
            return known != null && known.isExecutorThread(thread);
        }

        @Override
        public void execute(Runnable task) {
            Objects.requireNonNull(known).execute(task);
        }
    }
}
