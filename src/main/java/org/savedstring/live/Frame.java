package org.savedstring.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** What many streams send, encoded once. {@link OutgoingFrames} takes it to the connections. */
final class Frame {

    private static final byte[] LINE_END = {'\r', '\n'};

    private final ByteBuf chunk;
    private final ByteBuf content;

    private Frame(ByteBuf chunk, ByteBuf content) {
        this.chunk = chunk;
        this.content = content;
    }

    /** Part of a body. */
    static Frame of(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        byte[] size = (Integer.toHexString(content.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuf chunk = shared(size, content, LINE_END);
        return new Frame(chunk, chunk.slice(size.length, content.length));
    }

    /** What goes before or after the body. */
    static Frame around(String chunked, String unchunked) {
        return new Frame(
                shared(chunked.getBytes(StandardCharsets.ISO_8859_1)),
                shared(unchunked.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /**
     * To be read only: it is shared, and lies in the heap.
     *
     * @param chunked whether the body is sent in chunks (RFC 9112, section 7.1)
     */
    ByteBuf encoded(boolean chunked) {
        return chunked ? chunk : content;
    }

    int bytes() {
        return chunk.readableBytes();
    }

    private static ByteBuf shared(byte[]... parts) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(parts).asReadOnly());
    }
}
