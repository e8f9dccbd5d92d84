package org.savedstring.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
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
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Netty's codec, which accepts more as a chunk than the standard does, and folded lines in a head, with a stricter check of
 * both.
 */
final class RequestCodec extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {

    private static final byte LINE_FEED = '\n';

    private final Queue<HttpMethod> methods = new ArrayDeque<>(2);

    RequestCodec(HttpDecoderConfig config) {
        init(new Decoder(config), new Encoder());
    }

    private final class Decoder extends HttpRequestDecoder {

        private boolean inHead = true;
        private boolean firstLineRead;
        private boolean chunked;
        private long untilNextLine;

        Decoder(HttpDecoderConfig config) {
            super(config);
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
            if (inHead) {
                refuseFolding(buffer);
            } else if (chunked && untilNextLine == 0) {
                checkLine(buffer);
            }
            int before = buffer.readerIndex();
            int known = out.size();
            super.decode(context, buffer, out);
            untilNextLine -= Math.min(untilNextLine, buffer.readerIndex() - before);
            firstLineRead |= buffer.readerIndex() > before;
            for (Object message : out.subList(known, out.size())) {
                note(message);
            }
        }

        private void note(Object message) {
            if (message instanceof HttpRequest request) {
                inHead = false;
                methods.add(request.method());
                if (isLaterMinor(request.protocolVersion())) {
                    request.setProtocolVersion(HttpVersion.HTTP_1_1);
                }
                chunked = request.decoderResult().isSuccess() && HttpUtil.isTransferEncodingChunked(request);
                untilNextLine = 0;
            }
            if (message instanceof LastHttpContent) {
                chunked = false;
                inHead = true;
                firstLineRead = false;
            }
        }

        /** A line that continues the one before it (RFC 9112, section 5.2) is turned into one that the decoder refuses. */
        private void refuseFolding(ByteBuf buffer) {
            boolean isFirst = !firstLineRead;
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
                chunked = false; // trailers follow
            } else {
                untilNextLine = end + 1 - start + size + 2;
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
