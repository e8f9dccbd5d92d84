package org.savedstring.store.valkey;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** An event loop to which the state of several objects is confined. */
record Loop(EventLoop eventLoop) {

    /**
     * Runs the task in the loop: at once if this is the loop, otherwise soon.
     *
     * @return false if the loop has ended, and the task will never run
     */
    boolean run(Runnable task) {
        if (isCurrent()) {
            task.run();
            return true;
        }
        try {
            eventLoop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    boolean isCurrent() {
        return eventLoop.inEventLoop();
    }
}
