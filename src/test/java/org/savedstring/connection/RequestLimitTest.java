package org.savedstring.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.web.ServiceTest;

/** One request more than may be worked on. */
class RequestLimitTest extends ServiceTest {

    private static final int OPEN_MAX = 2;
    private static final Duration LONG = Duration.ofHours(1);

    @Inject
    Exchanges exchanges;

    private final List<EmbeddedChannel> connections = new ArrayList<>();

    @Override
    protected Map<String, String> settings() {
        return Map.of("saved-string.http.requests-open-max", String.valueOf(OPEN_MAX));
    }

    @AfterEach
    void close() {
        connections.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void oneTooManyIsToldToComeBackAndItsConnectionStaysOpen() {
        assertThat(refusal(ask(write()))).isNull();
        assertThat(refusal(ask(write()))).isNull();
        EmbeddedChannel connection = ask(write());
        FullHttpResponse refused = Objects.requireNonNull(refusal(connection));
        assertThat(refused.status()).isEqualTo(HttpResponseStatus.SERVICE_UNAVAILABLE);
        assertThat(refused.headers().get("Retry-After")).isEqualTo("1");
        assertThat(refused.headers().get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(connection.isActive()).isTrue();
    }

    @Test
    void answeredRequestMakesRoomForAnother() {
        EmbeddedChannel first = ask(write());
        ask(write());
        first.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        assertThat(refusal(ask(write()))).isNull();
    }

    @Test
    void requestWhoseClientLeftMakesRoomForAnother() {
        ask(write()).close();
        ask(write());
        assertThat(refusal(ask(write()))).isNull();
    }

    @Test
    void slowRequestsKeepNobodyOut() {
        for (int i = 0; i <= OPEN_MAX; i++) {
            ask(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/"));
        }
        assertThat(refusal(ask(write()))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/readiness", "/health/liveness"})
    void healthIsAlwaysTold(String uri) {
        ask(write());
        ask(write());
        assertThat(refusal(ask(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri))))
                .isNull();
    }

    @Test
    void bodyOfARefusedRequestIsPassedOver() {
        ask(write());
        ask(write());
        EmbeddedChannel connection = ask(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/"));
        assertThat(refusal(connection)).isNotNull();
        connection.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(connection.<HttpObject>readInbound()).isNull();
    }

    @Test
    void clientThatWaitsForLeaveToSendItsBodyIsRefusedForGood() {
        ask(write());
        ask(write());
        var expecting = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/");
        expecting.headers().set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
        EmbeddedChannel connection = ask(expecting);
        assertThat(refusal(connection)).isNotNull();
        assertThat(connection.isActive()).isFalse();
    }

    private EmbeddedChannel ask(HttpRequest request) {
        request.headers().set(HttpHeaderNames.HOST, "test");
        var connection = new EmbeddedChannel(new ExchangeHandler(exchanges, new Deadlines(LONG, LONG)));
        connections.add(connection);
        connection.writeInbound(request);
        return connection;
    }

    private static DefaultFullHttpRequest write() {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/", Unpooled.EMPTY_BUFFER);
    }

    private static @Nullable FullHttpResponse refusal(EmbeddedChannel connection) {
        return connection.readOutbound();
    }
}
