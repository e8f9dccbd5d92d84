package org.savedstring.web;

import io.micronaut.context.annotation.Value;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many requests are with the framework at once, whatever their connection: one more is refused before anything
 * was spent on it, so that the others don't wait for it. A request is counted from its end, lest a slow client keep others
 * out, to the head of its answer, lest an open stream do. Health is always told, and streams have a bound of their own:
 * those that ended with another instance come back all at once.
 */
@Singleton
final class OpenRequests {

    private static final String HEALTH = "/health/";
    private static final String EVENTS = "/events";

    private final int openMax;
    private final ProblemWriter.Document refusal;
    private final RequestMetrics metrics;
    private final AtomicInteger open = new AtomicInteger();

    OpenRequests(
            @Value("${saved-string.http.requests-open-max}") int openMax,
            ProblemWriter problems,
            RequestMetrics metrics) {
        this.openMax = openMax;
        this.refusal = problems.document(Problems.overloaded().withMore("Nothing was saved."), false);
        this.metrics = metrics;
    }

    /** The part of this in one connection. */
    ChannelDuplexHandler handler() {
        return new Handler();
    }

    private static boolean isBounded(String uri) {
        return !uri.startsWith(HEALTH) && !uri.startsWith(EVENTS);
    }

    private final class Handler extends ChannelDuplexHandler {

        private int passed;
        private int counted;
        private boolean refusing;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                // Behind another of the same connection it waits anyway, and its answer would have to wait too.
                refusing = passed == 0 && open.get() >= openMax && isBounded(request.uri());
                if (refusing) {
                    refuse(context, request);
                } else {
                    passed++;
                }
            }
            if (refusing) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (message instanceof LastHttpContent && counted < passed) {
                counted++;
                open.incrementAndGet();
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponse response
                    && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                passed--;
                forget(Math.min(counted, 1));
            }
            context.write(message, promise);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            forget(counted);
        }

        private void forget(int count) {
            counted -= count;
            open.addAndGet(-count);
        }

        private void refuse(ChannelHandlerContext context, HttpRequest request) {
            metrics.record(request.method().name(), "other", HttpResponseStatus.SERVICE_UNAVAILABLE.code(), 0);
            FullHttpResponse response = FastReads.response(HttpResponseStatus.SERVICE_UNAVAILABLE, refusal);
            // Whoever waits for leave to send a body may not send it now; what follows then can't be told apart.
            boolean keepAlive = HttpUtil.isKeepAlive(request) && !HttpUtil.is100ContinueExpected(request);
            HttpUtil.setKeepAlive(response, keepAlive);
            ChannelFuture written = context.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
