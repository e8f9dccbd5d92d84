package org.savedstring.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;

/**
 * What the streams of one event loop send in one turn of it: each frame is copied out of the heap once for all of them,
 * into memory that goes back to the pool when the last of them has sent it. Confined to the event loop.
 */
final class OutgoingFrames {

    private final EventLoop eventLoop;
    private final IdentityHashMap<ByteBuf, ByteBuf> copies = new IdentityHashMap<>();

    OutgoingFrames(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** For one channel to write, which then gives it back. */
    ByteBuf toWrite(Frame frame, boolean chunked, ByteBufAllocator allocator) {
        assert eventLoop.inEventLoop();
        ByteBuf encoded = frame.encoded(chunked);
        ByteBuf copy = copies.get(encoded);
        if (copy == null) {
            if (copies.isEmpty()) {
                eventLoop.execute(this::endTurn);
            }
            copy = allocator.directBuffer(encoded.readableBytes()).writeBytes(encoded.duplicate());
            copies.put(encoded, copy);
        }
        return copy.retainedDuplicate();
    }

    private void endTurn() {
        copies.values().forEach(ByteBuf::release);
        copies.clear();
    }
}
