package org.savedstring.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Netty's codec, which accepts more as a chunk than the standard does, and folded lines in a head, with a stricter check of
 * both.
 */
final class RequestCodec extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {

    static final int FIRST_LINE_BYTES_MAX = 8_192;

    private static final byte LINE_FEED = '\n';

    /** A client fills its chunks with what it has of the body; each chunk costs objects, however little is in it. */
    static final int CHUNKS_MAX = 500;

    /** A chunk with an extension, which hardly anybody sends, counts for as many. */
    static final int EXTENSION_CHUNKS = 10;

    /** Of a body, so many bytes count as one: they are kept as they came. */
    private static final int BODY_BYTES = 8;

    /** What it takes to keep one part of a body, however small: nobody who is honest sends a letter at a time. */
    private static final int PART_BYTES = 512;

    private final HeldBytes unfinished;
    private final Queue<HttpMethod> methods = new ArrayDeque<>(2);

    /**
     * Makes one.
     *
     * @param unfinished what is held of requests that have not come to their end
     */
    RequestCodec(HttpDecoderConfig config, HeldBytes unfinished) {
        this.unfinished = unfinished;
        init(new Decoder(config), new Encoder());
    }

    /** Ends a connection in the middle of a request; what was read of it becomes garbage now, not once all is closed. */
    static void cut(Channel channel) {
        if (channel.pipeline().get(RequestCodec.class) != null) {
            channel.pipeline().replace(RequestCodec.class, null, new Discarding());
        }
        channel.close();
    }

    private static final class Discarding extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    private final class Decoder extends HttpRequestDecoder {

        private boolean inHead = true;
        private boolean chunked;
        private boolean inTrailers;
        private int chunks;
        private boolean isRefused;
        private long untilNextLine;
        private long headBytes;
        private long bodyBytes;
        private boolean isHeld;

        Decoder(HttpDecoderConfig config) {
            super(config);
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
            if (chunks > CHUNKS_MAX) {
                refuseChunks(buffer, out);
                return;
            }
            if (inHead) {
                refuseFolding(buffer);
            } else if (chunked && untilNextLine == 0) {
                checkLine(buffer);
            }
            int before = buffer.readerIndex();
            int known = out.size();
            boolean inFields = inHead || inTrailers;
            super.decode(context, buffer, out);
            headBytes += inFields ? buffer.readerIndex() - before : 0;
            untilNextLine -= Math.min(untilNextLine, buffer.readerIndex() - before);
            for (Object message : out.subList(known, out.size())) {
                note(message);
            }
            long fieldBytes = inHead || inTrailers ? headBytes + buffer.readableBytes() : 0;
            hold(context, fieldBytes + bodyBytes / BODY_BYTES);
        }

        /** Nothing that follows can be read. */
        private void refuseChunks(ByteBuf buffer, List<Object> out) {
            buffer.skipBytes(buffer.readableBytes());
            if (!isRefused) {
                isRefused = true;
                LastHttpContent end = new DefaultLastHttpContent();
                end.setDecoderResult(DecoderResult.failure(new TooLongHttpContentException("too many chunks")));
                out.add(end);
            }
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext context) {
            hold(context, 0);
        }

        /** Short lines cost many times what they have in bytes, and nobody who is honest sends them slowly. */
        private void hold(ChannelHandlerContext context, long bytes) {
            if (bytes > 0) {
                unfinished.hold(context.channel(), bytes);
            } else if (isHeld) {
                unfinished.release(context.channel());
            }
            isHeld = bytes > 0;
        }

        private void note(Object message) {
            if (message instanceof HttpRequest request) {
                inHead = false;
                headBytes = 0;
                methods.add(request.method());
                if (isLaterMinor(request.protocolVersion())) {
                    request.setProtocolVersion(HttpVersion.HTTP_1_1);
                }
                chunked = request.decoderResult().isSuccess() && HttpUtil.isTransferEncodingChunked(request);
                untilNextLine = 0;
                chunks = 0;
            }
            if (message instanceof HttpContent part) {
                bodyBytes += part.content().readableBytes() + PART_BYTES;
            }
            if (message instanceof LastHttpContent) {
                bodyBytes = 0;
                chunked = false;
                inTrailers = false;
                inHead = true;
                headBytes = 0;
            }
        }

        /** A line that continues the one before it (RFC 9112, section 5.2) is turned into one that the decoder refuses. */
        private void refuseFolding(ByteBuf buffer) {
            boolean isFirst = headBytes == 0;
            int start = buffer.readerIndex();
            int end = buffer.indexOf(start, buffer.writerIndex(), LINE_FEED);
            while (end >= 0) {
                byte first = buffer.getByte(start);
                boolean isEmpty = first == '\r' || first == LINE_FEED;
                if (!isFirst && (first == ' ' || first == '\t')) {
                    buffer.setByte(start, ':');
                    return;
                } else if (!isFirst && isEmpty) {
                    return;
                }
                isFirst &= isEmpty; // empty lines in front of a request are skipped
                start = end + 1;
                end = buffer.indexOf(start, buffer.writerIndex(), LINE_FEED);
            }
        }

        /** A later minor version knows all that we do (RFC 9110, section 2.5). */
        private static boolean isLaterMinor(HttpVersion version) {
            return version.protocolName().equals("HTTP") && version.majorVersion() == 1 && version.minorVersion() > 1;
        }

        /** A malformed line is turned into one that the decoder refuses too. */
        private void checkLine(ByteBuf buffer) {
            int start = buffer.readerIndex();
            int end = buffer.indexOf(start, buffer.writerIndex(), LINE_FEED);
            if (end < 0) {
                return;
            }
            long size = ChunkLine.sizeOf(buffer, start, end);
            if (size < 0) {
                buffer.setByte(start, 'X');
            } else if (size == 0) {
                chunked = false;
                inTrailers = true;
            } else {
                untilNextLine = end + 1 - start + size + 2;
                chunks += ChunkLine.isPlain(buffer, start, end) ? 1 : EXTENSION_CHUNKS;
            }
        }
    }

    private final class Encoder extends HttpResponseEncoder {

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                return super.isContentAlwaysEmpty(response);
            }
            return HttpMethod.HEAD.equals(methods.poll()) || super.isContentAlwaysEmpty(response);
        }
    }
}
