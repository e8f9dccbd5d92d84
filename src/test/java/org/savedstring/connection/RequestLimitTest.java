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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.web.ServiceTest;

/** One request more than may be worked on, in all or of one client. */
class RequestLimitTest extends ServiceTest {

    private static final int OPEN_MAX = 2;
    private static final int PER_CLIENT_MAX = 4;
    private static final String CLIENT = "192.0.2.1";
    private static final String ANOTHER = "192.0.2.2";
    private static final Duration LONG = Duration.ofHours(1);

    @Inject
    Exchanges exchanges;

    private final List<EmbeddedChannel> connections = new ArrayList<>();

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "saved-string.http.requests-open-max",
                String.valueOf(OPEN_MAX),
                "saved-string.http.requests-per-client-max",
                String.valueOf(PER_CLIENT_MAX),
                "saved-string.http.trusted-proxies",
                "1");
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
            ask(unfinished(HttpMethod.PUT, "/"));
        }
        assertThat(refusal(ask(write()))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"PUT, /", "GET, /edit", "GET, /events", "PUT, /events", "GET, //", "DELETE, /nothing"})
    void oneTooManyOfAClientIsToldSoWhileAnotherIsServed(String method, String uri) {
        for (int i = 0; i < PER_CLIENT_MAX; i++) {
            ask(unfinished(HttpMethod.valueOf(method), uri), CLIENT);
        }
        EmbeddedChannel connection = ask(unfinished(HttpMethod.PUT, "/"), "198.51.100.1, " + CLIENT);
        FullHttpResponse refused = Objects.requireNonNull(refusal(connection));
        assertThat(refused.status()).isEqualTo(HttpResponseStatus.TOO_MANY_REQUESTS);
        assertThat(refused.headers().get("Retry-After")).isEqualTo("1");
        assertThat(connection.isActive()).isFalse();
        assertThat(refusal(ask(unfinished(HttpMethod.PUT, "/"), ANOTHER))).isNull();
        assertThat(refusal(ask(unfinished(HttpMethod.GET, "/health/readiness"), CLIENT)))
                .isNull();
    }

    @Test
    void whatIsOverOfAClientMakesRoomForMore() {
        EmbeddedChannel left = ask(unfinished(HttpMethod.PUT, "/"), CLIENT);
        EmbeddedChannel answered = ask(unfinished(HttpMethod.PUT, "/"), CLIENT);
        EmbeddedChannel refused = ask(unfinished(HttpMethod.PUT, "/events"), CLIENT);
        ask(unfinished(HttpMethod.PUT, "/"), CLIENT);
        left.close();
        answered.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        answered.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        answered.runPendingTasks();
        refused.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        for (int i = 0; i < PER_CLIENT_MAX - 1; i++) {
            assertThat(refusal(ask(unfinished(HttpMethod.PUT, "/"), CLIENT))).isNull();
        }
        assertThat(refusal(ask(unfinished(HttpMethod.PUT, "/"), CLIENT))).isNotNull();
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
        EmbeddedChannel connection = ask(unfinished(HttpMethod.PUT, "/"));
        assertThat(refusal(connection)).isNotNull();
        connection.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(connection.<HttpObject>readInbound()).isNull();
    }

    @Test
    void clientThatWaitsForLeaveToSendItsBodyIsRefusedForGood() {
        ask(write());
        ask(write());
        HttpRequest expecting = unfinished(HttpMethod.PUT, "/");
        expecting.headers().set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
        EmbeddedChannel connection = ask(expecting);
        assertThat(refusal(connection)).isNotNull();
        assertThat(connection.isActive()).isFalse();
    }

    private EmbeddedChannel ask(HttpRequest request, String client) {
        request.headers().set("X-Forwarded-For", client);
        return ask(request);
    }

    private EmbeddedChannel ask(HttpRequest request) {
        request.headers().set(HttpHeaderNames.HOST, "test");
        var connection = new EmbeddedChannel(new ExchangeHandler(exchanges, new Deadlines(LONG, LONG)));
        connections.add(connection);
        connection.writeInbound(request);
        return connection;
    }

    /** Its body is yet to come. */
    private static HttpRequest unfinished(HttpMethod method, String uri) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, uri);
    }

    private static DefaultFullHttpRequest write() {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/", Unpooled.EMPTY_BUFFER);
    }

    private static @Nullable FullHttpResponse refusal(EmbeddedChannel connection) {
        return connection.readOutbound();
    }
}
