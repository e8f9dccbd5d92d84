package org.savedstring.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;

/**
 * Answers the plain read of the string before the framework is involved, which saves most of what such a request costs.
 * Whatever is not plain, from a query to a request body, goes the ordinary way; {@link StringController} answers the same.
 *
 * <p>Requests of one connection are answered in their order (RFC 9112, section 9.3.2): an ordinary one waits until the
 * plain ones before it are answered, and while an ordinary one is open, all that follow go the ordinary way too.
 */
final class FastReadHandler extends ChannelDuplexHandler {

    /** Plain reads of one connection that may wait at once; no more is read from a client that sends more. */
    private static final int PIPELINED_MAX = 32;

    private final FastReads reads;
    private final Queue<Answer> answers = new ArrayDeque<>(2);
    private final Queue<Object> held = new ArrayDeque<>(0);
    private int ordinaryOpen;
    private boolean skippingEnd;
    private boolean readWanted;
    private @Nullable ChannelPromise closeWanted;

    FastReadHandler(FastReads reads) {
        this.reads = reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (skippingEnd) {
            skippingEnd = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
        } else if (!held.isEmpty()) {
            held.add(message);
        } else if (message instanceof HttpRequest request) {
            startRequest(context, request);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void startRequest(ChannelHandlerContext context, HttpRequest request) {
        FastReads.Wanted wanted = ordinaryOpen == 0 && isPlain(request) ? reads.wantedBy(request) : null;
        if (wanted != null) {
            skippingEnd = !(request instanceof LastHttpContent);
            Answer answer = new Answer(context, request.method().name(), wanted);
            answers.add(answer);
            reads.read().whenComplete(answer::complete);
        } else if (answers.isEmpty()) {
            ordinaryOpen++;
            context.fireChannelRead(request);
        } else {
            held.add(request);
        }
    }

    private static boolean isPlain(HttpRequest request) {
        HttpMethod method = request.method();
        HttpHeaders headers = request.headers();
        String connection = headers.get(HttpHeaderNames.CONNECTION);
        return request.uri().equals("/")
                && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && request.decoderResult().isSuccess()
                && (connection == null || HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection))
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !headers.contains(HttpHeaderNames.EXPECT);
    }

    /** Reads no more from a client that doesn't take its answers. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (held.isEmpty()
                && answers.size() < PIPELINED_MAX
                && context.channel().isWritable()) {
            context.read();
        } else {
            readWanted = true;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        readIfWanted(context);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message)) {
            ordinaryOpen--;
        }
        context.write(message, promise);
    }

    private static boolean isInterim(Object message) {
        return message instanceof FullHttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (answers.isEmpty() || !context.channel().isActive()) {
            context.close(promise);
        } else {
            closeWanted = promise;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        answers.clear();
    }

    private void writeAnswers(ChannelHandlerContext context) {
        boolean written = false;
        for (Answer head = answers.peek(); head != null && head.isKnown(); head = answers.peek()) {
            answers.remove();
            head.write();
            written = true;
        }
        if (written) {
            context.flush();
        }
        if (answers.isEmpty()) {
            goOn(context);
        }
    }

    /** Takes up what had to wait for the answers. */
    private void goOn(ChannelHandlerContext context) {
        if (closeWanted != null) {
            context.close(closeWanted);
            return;
        }
        if (!held.isEmpty()) {
            Object[] messages = held.toArray();
            held.clear();
            for (Object message : messages) {
                channelRead(context, message);
            }
            context.fireChannelReadComplete();
        }
        readIfWanted(context);
    }

    private void readIfWanted(ChannelHandlerContext context) {
        if (readWanted) {
            readWanted = false;
            read(context);
        }
    }

    /** One plain read and, later, what came of it. */
    private final class Answer {

        private final ChannelHandlerContext context;
        private final String method;
        private final FastReads.Wanted wanted;
        private final long startedAtNanos = System.nanoTime();
        private @Nullable SavedString saved;
        private @Nullable Throwable failure;

        Answer(ChannelHandlerContext context, String method, FastReads.Wanted wanted) {
            this.method = method;
            this.context = context;
            this.wanted = wanted;
        }

        boolean isKnown() {
            return saved != null || failure != null;
        }

        void write() {
            FullHttpResponse response = reads.response(wanted, saved, failure);
            reads.answered(method, response, startedAtNanos);
            context.write(response, context.voidPromise());
        }

        void complete(@Nullable SavedString result, @Nullable Throwable problem) {
            if (!context.executor().inEventLoop()) {
                context.executor().execute(() -> complete(result, problem));
                return;
            }
            saved = result;
            failure = problem;
            writeAnswers(context);
        }
    }
}
