package org.savedstring.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.Problem;
import org.savedstring.answer.Problems;
import org.savedstring.answer.ReadRequest;
import org.savedstring.answer.Reply;
import org.savedstring.live.EventStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the order on one connection: requests are handled and answered one after the other (RFC 9112, section 9.3.2).
 * Several plain reads may be in progress at once, since they change nothing; they are answered here, before the
 * framework is involved, which saves most of their cost. Any other well-formed request goes to the framework, alone on
 * its connection until it has been answered; whatever follows is held, and no more is read. Confined to the
 * connection's event loop.
 */
final class ExchangeHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeHandler.class);

    private final Exchanges exchanges;
    private final Deadlines deadlines;
    private final PlainReads reads;
    private final Deque<Object> held = new ArrayDeque<>(0);
    private RequestLimit.@Nullable Admission admission;
    private @Nullable OrdinaryExchange ordinary;
    private @Nullable HttpRequest stream;
    private boolean skippingBody;
    private boolean ending;
    private boolean inputEnded;
    private boolean readWanted;
    private @Nullable ChannelPromise closeWanted;

    ExchangeHandler(Exchanges exchanges, Deadlines deadlines) {
        this.exchanges = exchanges;
        this.deadlines = deadlines;
        this.reads = new PlainReads(exchanges, this::writeReads);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof LastHttpContent) {
            deadlines.requestReceived();
        }
        if (ending) {
            ReferenceCountUtil.release(message);
        } else if (!held.isEmpty() || !take(context, message)) {
            held.add(message);
        }
    }

    /** Works on what has come; false if it has to wait. */
    private boolean take(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            return start(context, request);
        }
        continueRequest(context, message);
        return true;
    }

    private boolean start(ChannelHandlerContext context, HttpRequest request) {
        if (ordinary != null || stream != null) {
            return false;
        }
        ReadRequest plain = exchanges.plainRead(request);
        if (plain != null) {
            skippingBody = !(request instanceof LastHttpContent);
            reads.start(context, request.method().name(), plain);
            return true;
        }
        if (!reads.isEmpty()) {
            return false;
        }
        startOrdinary(context, request);
        return true;
    }

    private void startOrdinary(ChannelHandlerContext context, HttpRequest request) {
        if (Http2Preface.isIn(request)) {
            ending = true;
            Http2Preface.refuse(context);
            return;
        }
        Reply malformed = exchanges.malformed(request);
        if (malformed != null) {
            refuse(context, request, malformed, true);
            return;
        }
        admission = exchanges.admit(request, context.channel().remoteAddress());
        if (admission == null) {
            refuse(context, request, exchanges.tooManyOfClient(request), true);
            return;
        }
        Reply refusal = refusal(request);
        if (refusal != null) {
            refuse(context, request, refusal, false);
        } else if (exchanges.asksForStream(request)) {
            stream = request;
            skipBody(context, request);
        } else {
            ordinary = new OrdinaryExchange(exchanges, request, admission);
            receivedMaybe(request);
            context.fireChannelRead(request);
        }
    }

    private void refuse(ChannelHandlerContext context, HttpRequest request, Reply refusal, boolean last) {
        skipBody(context, request);
        // A client that waits for leave to send its body may not send it now, and what follows could be either that or
        // a request.
        answer(context, refusal, last || !HttpUtil.isKeepAlive(request) || HttpUtil.is100ContinueExpected(request));
    }

    private void skipBody(ChannelHandlerContext context, Object message) {
        skippingBody = !(message instanceof LastHttpContent);
        ReferenceCountUtil.release(message);
        if (skippingBody) {
            return;
        }
        endAdmission();
        if (stream != null) {
            openStream(context, stream);
        }
    }

    private void openStream(ChannelHandlerContext context, HttpRequest request) {
        exchanges
                .openStream(request, context.channel().remoteAddress())
                // In a turn of its own, in which the decoder is not at work: it may have to go.
                .whenComplete((place, failure) ->
                        context.executor().execute(() -> streamOpened(context, request, place, failure)));
    }

    private void streamOpened(
            ChannelHandlerContext context,
            HttpRequest request,
            EventStreams.@Nullable Place place,
            @Nullable Throwable failure) {
        stream = null;
        if (failure != null) {
            answer(context, exchanges.noStream(request, failure), !HttpUtil.isKeepAlive(request));
            goOn(context);
        } else if (place != null && (context.isRemoved() || !context.channel().isActive())) {
            place.giveBack();
        } else if (place != null && request.method().equals(HttpMethod.HEAD)) {
            place.giveBack();
            context.writeAndFlush(exchanges.streamHead(request));
            goOn(context);
        } else if (place != null) {
            ending = true;
            exchanges.stream(request, place, context.channel());
        }
    }

    private @Nullable Reply refusal(HttpRequest request) {
        Reply misdirected = exchanges.directed(request);
        return misdirected != null ? misdirected : exchanges.refusal(request);
    }

    private void continueRequest(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            refuseBody(context, RequestCheck.problemOfBody(part.decoderResult().cause()));
        } else if (skippingBody) {
            skipBody(context, message);
        } else {
            receivedMaybe(message);
            context.fireChannelRead(message);
            endOrdinaryIfOver();
        }
    }

    /** A body that can't be read to its end is not the request's: it must have no effect. */
    private void refuseBody(ChannelHandlerContext context, Problem problem) {
        OrdinaryExchange refused = ordinary;
        if (refused == null || refused.isAnswering()) {
            ending = true;
            context.close();
            return;
        }
        answer(context, exchanges.refusal(refused.request(), problem), true);
    }

    private void receivedMaybe(Object message) {
        if (message instanceof LastHttpContent && ordinary != null) {
            ordinary.received();
        }
    }

    private void answer(ChannelHandlerContext context, Reply reply, boolean last) {
        ending = last;
        HttpResponse response = exchanges.lastOrNot(reply, last);
        var written = context.writeAndFlush(response);
        if (last) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Reads no more from a client that doesn't take its answers, nor behind a request that must be answered first. */
    @Override
    public void read(ChannelHandlerContext context) {
        boolean waits = stream != null ? !skippingBody : ordinary != null && ordinary.isReceived();
        if (held.isEmpty() && !waits && !reads.isFull() && context.channel().isWritable()) {
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

    /** What the framework answers. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        OrdinaryExchange answered = ordinary;
        if (ending && answered != null && !answered.isAnswering()) {
            // It was refused meanwhile.
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        if (answered == null || isInterim(message)) {
            context.write(message, promise);
            return;
        }
        if (message instanceof HttpResponse response) {
            answered.answer(response);
        }
        if (message instanceof LastHttpContent) {
            answered.answered();
            if (answered.isLast()) {
                ending = true;
                context.write(message, promise.unvoid().addListener(ChannelFutureListener.CLOSE));
                return;
            }
            context.executor().execute(() -> goOn(context));
        }
        context.write(message, promise);
    }

    private static boolean isInterim(Object message) {
        return message instanceof FullHttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (reads.isEmpty() || !context.channel().isActive()) {
            context.close(promise);
        } else {
            closeWanted = promise;
        }
    }

    /** A client that has nothing more to ask may still be waiting for answers, unless it left in the middle of a request. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            goOn(context);
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            context.fireUserEventTriggered(event);
        }
    }

    /** What nobody expected ends the connection rather than leaving its client to wait. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            context.fireExceptionCaught(cause);
            return;
        }
        LOG.error("a connection failed", cause);
        ending = true;
        context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        reads.abandon();
        endAdmission();
    }

    private void writeReads(ChannelHandlerContext context) {
        reads.write(context);
        goOn(context);
    }

    private void endOrdinaryIfOver() {
        if (ordinary != null && ordinary.isOver()) {
            ordinary = null;
            endAdmission();
        }
    }

    private void endAdmission() {
        if (admission != null) {
            admission.end();
            admission = null;
        }
    }

    /** Takes up what had to wait for an answer. A read that is answered at once calls this while it is being taken up. */
    private void goOn(ChannelHandlerContext context) {
        endOrdinaryIfOver();
        if (!reads.isEmpty()) {
            readIfWanted(context);
            return;
        }
        if (closeWanted != null) {
            context.close(closeWanted);
            return;
        }
        if (ordinary == null && !held.isEmpty()) {
            takeUpHeld(context);
        }
        if (inputEnded
                && !ending
                && held.isEmpty()
                && reads.isEmpty()
                && (ordinary == null || !ordinary.isReceived())) {
            endWithInput(context);
            return;
        }
        readIfWanted(context);
    }

    private void endWithInput(ChannelHandlerContext context) {
        if (ordinary != null && !ordinary.isAnswering()) {
            refuseBody(context, Problems.malformedBody());
            return;
        }
        ending = true;
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void takeUpHeld(ChannelHandlerContext context) {
        boolean taken = true;
        while (taken && !held.isEmpty()) {
            Object message = held.remove();
            if (ending) {
                ReferenceCountUtil.release(message);
            } else if (!take(context, message)) {
                held.addFirst(message);
                taken = false;
            }
        }
        context.fireChannelReadComplete();
    }

    private void readIfWanted(ChannelHandlerContext context) {
        if (readWanted) {
            readWanted = false;
            read(context);
        }
    }
}
