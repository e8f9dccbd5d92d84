package org.savedstring.web;

import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import jakarta.inject.Singleton;
import java.io.OutputStream;
import reactor.core.scheduler.Schedulers;

/**
 * Sends pages of the history at the pace of their reader. They are handed over in the event loop of its connection: when the
 * reader has left, none is on its way from another thread any more, which the framework would take for a mistake.
 */
@Singleton
final class HistoryWriter implements ResponseBodyWriter<HistoryPages> {

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory bodyFactory,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<HistoryPages> type,
            MediaType mediaType,
            HistoryPages pages) {
        var eventLoop =
                ((NettyHttpRequest<?>) request).getChannelHandlerContext().executor();
        return bodyFactory.adapt(pages.pieces()
                .publishOn(Schedulers.fromExecutor(eventLoop), 1)
                .map(bodyFactory.readBufferFactory()::adapt));
    }

    @Override
    public void writeTo(
            Argument<HistoryPages> type,
            MediaType mediaType,
            HistoryPages pages,
            MutableHeaders headers,
            OutputStream stream) {
        throw new UnsupportedOperationException("the history is sent in pieces");
    }
}
