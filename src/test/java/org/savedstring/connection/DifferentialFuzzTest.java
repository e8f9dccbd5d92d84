package org.savedstring.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.savedstring.connection.RandomRequests.Sent;
import org.savedstring.connection.Reading.End;
import org.savedstring.connection.Reading.Request;
import org.savedstring.machine.Answer;
import org.savedstring.machine.FrontProxy;
import org.savedstring.machine.Http;
import org.savedstring.machine.HttpConnection;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestFiles;
import org.savedstring.machine.TestKeys;
import org.savedstring.proof.Prove;
import org.savedstring.property.Property;

/**
 * Whatever arrives on a connection, the service, and the service with a proxy in front, see in it no other requests than
 * RFC 9112 does: they may refuse, but what is answered is answered in its order to whom it is for, and what is saved was
 * sent as the body of a request. Each request has a mark that nothing else has: in its value, or in the origin that the
 * answer repeats.
 */
@Tag("cell")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DifferentialFuzzTest {

    private static final int CONNECTIONS = Prove.count(340, 34_000);
    private static final int CLIENTS = 4;

    /** Checked that often, versions are still in the history. */
    private static final int CONNECTIONS_PER_CHECK = 1_000;

    private static final int PAGE = 1_000;
    private static final int VERSIONS_MAX = 20_000;
    private static final String LAST =
            "GET /health/liveness HTTP/1.1\r\nHost: test\r\nOrigin: https://last\r\nConnection: close\r\n\r\n";
    private static final Pattern TAG = Pattern.compile("\"(\\d+)-.*");
    private static final JsonMapper JSON = new JsonMapper();

    private final TestFiles files = new TestFiles();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Map<Long, String> answered = new ConcurrentHashMap<>();
    private long checkedVersion;
    private ServiceInstance instance;
    private Http http;

    /** Where a connection goes; a proxy forgets a client that has ended its input, the service doesn't. */
    private record Way(InetSocketAddress address, boolean isDirect) {}

    @BeforeAll
    void start() {
        Map<String, String> settings = files.environment();
        settings.putAll(Map.of(
                "SAVED_STRING_KEYS_WRITES_PER_MINUTE", "0",
                "SAVED_STRING_HTTP_WRITE_ORIGINS", "*",
                "SAVED_STRING_HISTORY_VERSIONS_MAX", String.valueOf(VERSIONS_MAX),
                "SAVED_STRING_LOG_LEVEL", "error"));
        // The short run watches every buffer; the long one has no time for it.
        instance = Prove.isLong()
                ? ServiceInstance.start("service", ServiceInstance.APPLICATION_UNWATCHED, settings)
                : ServiceInstance.start(settings);
        http = instance.http();
    }

    @AfterAll
    void end() {
        http.close();
        instance.close();
        files.close();
    }

    /** First, since what a proxy was sent by a client that left may be saved later. */
    @Test
    @Order(1)
    void theServiceUnderstandsWhatTheStandardDoes() {
        check(new Way(instance.address(), true));
    }

    @Test
    @Order(2)
    void behindNginxEveryRequestHasItsOwnAnswer() {
        String upstream = "upstream instance { server {instance}; keepalive 8; }";
        String location = "proxy_pass http://instance; proxy_http_version 1.1; proxy_set_header Connection \"\";"
                + " proxy_next_upstream off;";
        try (var proxy = FrontProxy.nginx(instance.address().getPort(), location, upstream)) {
            check(new Way(proxy.address(), false));
        }
    }

    @Test
    @Order(3)
    void behindHaproxyEveryRequestHasItsOwnAnswer() {
        try (var proxy = FrontProxy.haproxy(instance.address().getPort(), "http-reuse always")) {
            check(new Way(proxy.address(), false));
        }
    }

    private void check(Way way) {
        for (int done = 0; done < CONNECTIONS; done += CONNECTIONS_PER_CHECK) {
            int tries = Math.min(CONNECTIONS_PER_CHECK, CONNECTIONS - done) / CLIENTS;
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    // The same each time, so that no change is held up by what it didn't do; -Dproperty.seed tries
                    // others.
                    long seed = done + (long) i * tries;
                    running.add(clients.submit(() -> Property.checkFrom(
                            seed,
                            tries,
                            RandomRequests::connection,
                            any -> List.of(),
                            requests -> tryOut(way, requests))));
                }
                running.forEach(DifferentialFuzzTest::await);
            }
            checkWhatIsSaved(way);
        }
    }

    private static void await(Future<?> running) {
        try {
            running.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void tryOut(Way way, List<Sent> requests) {
        if (requests.isEmpty()) {
            return;
        }
        boolean isSound = requests.stream().allMatch(Sent::isSound);
        String octets = requests.stream().map(Sent::octets).collect(Collectors.joining());
        boolean endsInput = isSound && way.isDirect() && octets.hashCode() % 2 == 0;
        Reading reading = Reading.of(endsInput ? octets : octets + LAST, !way.isDirect());
        if (isSound) {
            assertThat(reading.requests()).hasSize(requests.size() + (endsInput ? 0 : 1));
        }
        reading.requests().stream()
                .flatMap(request -> valueOf(request).stream())
                .forEach(sent::add);
        List<Answer> answers = exchange(way, endsInput ? octets : octets + LAST, reading, isSound);
        assertOrder(answers, reading.requests());
        assertEnd(answers, reading, isSound);
        if (way.isDirect()) {
            assertAsNettyReads(octets, answers, reading.requests());
        }
    }

    /** Sends it all and reads until the other end has nothing more to say. */
    private static List<Answer> exchange(Way way, String octets, Reading reading, boolean isSound) {
        List<Answer> answers = new ArrayList<>();
        try (var connection = new HttpConnection(way.address())) {
            try {
                connection.send(octets);
                if (reading.end() != End.CLOSED) {
                    connection.endOfInput();
                }
            } catch (IOException e) {
                assertThat(isSound).as("cut while sending: " + e).isFalse();
            }
            boolean isRefused = false;
            while (!isRefused && answers.size() < reading.requests().size() && connection.hasMore()) {
                boolean isHead = reading.requests().get(answers.size()).method().equals("HEAD");
                Answer answer = isHead ? connection.head() : connection.answer();
                if (answer.status() >= 200) {
                    answers.add(answer);
                    // A proxy that answers itself ends the connection; so does the service when it can't tell the
                    // method,
                    // and either may say more than it should to HEAD.
                    isRefused = answer.header("Cross-Origin-Resource-Policy").isEmpty()
                            || (answer.status() == 400 && answer.closes());
                }
            }
            // What nobody understands, or what was cut, may be answered, too; behind what is whole there is nothing to
            // answer.
            if (!isRefused && (isSound || reading.end() == End.CLOSED)) {
                assertThat(connection.hasMore()).as("one more answer").isFalse();
            }
            return answers;
        } catch (IOException e) {
            throw new UncheckedIOException(statuses(answers).toString(), e);
        }
    }

    /** Each answer is that of the request at its place, and none is older than the one before. */
    private void assertOrder(List<Answer> answers, List<Request> requests) {
        long version = 0;
        for (int i = 0; i < Math.min(answers.size(), requests.size()); i++) {
            Answer answer = answers.get(i);
            Request request = requests.get(i);
            String origin = answer.header("Access-Control-Allow-Origin");
            if (!origin.isEmpty() && !origin.equals("*")) {
                // How many spaces join the lines of a folded field is left to whoever joins them.
                assertThat(request.field("origin").stream().map(DifferentialFuzzTest::withSingleSpaces))
                        .as("%d of %s", i, statuses(answers))
                        .contains(withSingleSpaces(origin));
            }
            long next = versionOf(answer);
            boolean isWrite = request.method().equals("PUT") && answer.status() == 200;
            if (isWrite) {
                assertThat(answer.value()).isEqualTo(valueOf(request).orElse(null));
                answered.put(next, answer.value());
            }
            if (next >= 0) {
                assertThat(next)
                        .as("the version of answer %d", i)
                        .isGreaterThanOrEqualTo(isWrite ? version + 1 : version);
                version = next;
            }
        }
    }

    private static String withSingleSpaces(String field) {
        return field.replaceAll("[ \t]+", " ");
    }

    /** Where all is well, everything is answered, and nothing refused. */
    private static void assertEnd(List<Answer> answers, Reading reading, boolean isSound) {
        if (isSound) {
            String what = "%s to %s, %s".formatted(statuses(answers), reading.requests(), reading.end());
            assertThat(answers.size()).as(what).isEqualTo(reading.requests().size());
            assertThat(statuses(answers)).as(what).noneMatch(status -> status == 400 || status >= 500);
        }
    }

    private static List<Integer> statuses(List<Answer> answers) {
        return answers.stream().map(Answer::status).toList();
    }

    private static void assertAsNettyReads(String octets, List<Answer> answers, List<Request> requests) {
        List<String> bodies = bodiesAsNettyReadsThem(octets + LAST);
        for (int i = 0; i < Math.min(answers.size(), requests.size()); i++) {
            if (answers.get(i).status() < 400) {
                assertThat(bodies.get(i)).isEqualTo(requests.get(i).body());
            }
        }
    }

    private static List<String> bodiesAsNettyReadsThem(String octets) {
        List<String> bodies = new ArrayList<>();
        var decoder = new EmbeddedChannel(new HttpRequestDecoder());
        decoder.writeInbound(Unpooled.wrappedBuffer(octets.getBytes(StandardCharsets.ISO_8859_1)));
        StringBuilder body = new StringBuilder();
        for (Object read = decoder.readInbound(); read != null; read = decoder.readInbound()) {
            if (read instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (read instanceof LastHttpContent) {
                bodies.add(body.toString());
                body.setLength(0);
            }
            ReferenceCountUtil.release(read);
        }
        decoder.finishAndReleaseAll();
        return bodies;
    }

    /**
     * What was saved since the last time, was sent, in bodies that a proxy may have mended; what was answered, is saved under
     * its version.
     */
    private void checkWhatIsSaved(Way way) {
        long newest = -1;
        for (long before = Long.MAX_VALUE; before > checkedVersion + 1; ) {
            String address = "/history?limit=" + PAGE + (before == Long.MAX_VALUE ? "" : "&before=" + before);
            JsonNode page = http.get(address, "X-API-Key", TestKeys.WRITER).json();
            for (JsonNode saved : page) {
                before = saved.path("version").asLong();
                newest = Math.max(newest, before);
                String value = saved.path("value").asText();
                if (way.isDirect() || value.startsWith(RandomRequests.SMUGGLED_MARK)) {
                    assertThat(sent.contains(value)).as("nobody sent " + value).isTrue();
                }
                String told = answered.get(before);
                assertThat(told == null ? value : told).isEqualTo(value);
            }
            if (page.isEmpty()) {
                break;
            }
        }
        checkedVersion = Math.max(checkedVersion, newest);
        answered.clear();
    }

    private static long versionOf(Answer answer) {
        Matcher tag = TAG.matcher(answer.entityTag().replaceFirst("^W/", ""));
        return tag.matches() ? Long.parseLong(tag.group(1)) : -1;
    }

    /** What the service may make of a body. */
    private static Optional<String> valueOf(Request request) {
        if (!request.method().equals("PUT")) {
            return Optional.empty();
        }
        byte[] body = request.body().getBytes(StandardCharsets.ISO_8859_1);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            String value = request.field("content-type").contains("application/json")
                    ? textOf(JSON.readTree(text).get("value"))
                    : text;
            return Optional.ofNullable(value).map(any -> any.replaceFirst("\r?\n\\z", ""));
        } catch (CharacterCodingException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String textOf(@Nullable JsonNode value) {
        return value == null || !value.isTextual() ? null : value.textValue();
    }
}
