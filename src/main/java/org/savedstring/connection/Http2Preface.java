package org.savedstring.connection;

import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;

/**
 * A client that speaks HTTP/2 without having asked whether it may (RFC 9113, section 3.3). An answer in HTTP/1.1 would
 * be gibberish to it, so it is told in its own protocol to come back with HTTP/1.1.
 */
final class Http2Preface {

    private static final String METHOD = "PRI";

    /** Empty SETTINGS, then GOAWAY with HTTP_1_1_REQUIRED (RFC 9113, sections 6.5, 6.8 and 7). */
    private static final byte[] COME_BACK_WITH_1_1 = {
        0, 0, 0, 4, 0, 0, 0, 0, 0, //
        0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0d
    };

    private Http2Preface() {}

    static boolean isIn(HttpRequest request) {
        return request.method().name().equals(METHOD)
                && request.protocolVersion().majorVersion() == 2;
    }

    static void refuse(ChannelHandlerContext context) {
        // Past the codec, which only knows HTTP/1.1.
        context.pipeline()
                .context(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC)
                .writeAndFlush(Unpooled.wrappedBuffer(COME_BACK_WITH_1_1))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
