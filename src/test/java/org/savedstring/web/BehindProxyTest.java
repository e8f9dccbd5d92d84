package org.savedstring.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.FrontProxy;
import org.savedstring.machine.Http;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestFiles;
import org.savedstring.machine.TestKeys;

/** Proxies as people set them up, with the shortest configuration that works for anything else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehindProxyTest {

    private static final String[] KEY = {"X-API-Key", TestKeys.WRITER};
    private static final String ORIGIN = "https://example.com";

    /** Not where the proxy is. */
    private static final String CLIENT = "127.0.0.9";

    /** By default. */
    private static final int REQUESTS_PER_CLIENT_MAX = 100;

    private final TestFiles files = new TestFiles();
    private ServiceInstance instance;
    private int writes;

    /** Each hands on what it is told of the client in its own way: nginx and Apache say that the host is localhost. */
    enum Proxy {
        NGINX,
        APACHE,
        HAPROXY;

        FrontProxy start(ServiceInstance instance) {
            int port = instance.address().getPort();
            return switch (this) {
                case NGINX -> FrontProxy.nginx(port, "proxy_pass http://{instance};", "");
                case APACHE -> FrontProxy.apache(port);
                case HAPROXY -> FrontProxy.haproxy(port, "option forwardfor");
            };
        }
    }

    /** Those that compress, and so make the tag of what they compressed weak. */
    enum Compressing {
        NGINX,
        HAPROXY;

        FrontProxy start(ServiceInstance instance) {
            int port = instance.address().getPort();
            return switch (this) {
                case NGINX ->
                    FrontProxy.nginx(
                            port,
                            "proxy_pass http://{instance};",
                            "gzip on; gzip_proxied any; gzip_types application/json;");
                case HAPROXY -> FrontProxy.haproxy(port, "compression algo gzip\n  compression type application/json");
            };
        }
    }

    @BeforeAll
    void start() {
        Map<String, String> settings = files.environment();
        settings.put("SAVED_STRING_HTTP_TRUSTED_PROXIES", "1");
        instance = ServiceInstance.start(settings);
        instance.awaitReady();
    }

    @AfterAll
    void end() {
        instance.close();
        files.close();
    }

    @ParameterizedTest
    @EnumSource
    void everythingIsAsWithoutIt(Proxy proxy) {
        try (FrontProxy front = proxy.start(instance);
                var http = new Http(front.address())) {
            String value = save(http);
            for (String path : new String[] {"/", "/edit", "/assets/page.js", "/assets/edit.css", "/openapi.yml"}) {
                Answer whole = http.get(path, "Accept", "text/html, */*", "Origin", ORIGIN);
                Answer head = http.send("HEAD", path, "Accept", "text/html, */*", "Origin", ORIGIN);
                assertThat(whole.status()).as(path).isEqualTo(200);
                assertThat(head.status()).as("HEAD " + path).isEqualTo(200);
                assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));
            }
            assertThat(http.get("/", "Accept", "text/html").text())
                    .contains("<h1>The saved string is " + value + "</h1>");
            Answer json = http.get("/", "Accept", "application/json", "Origin", ORIGIN);
            assertThat(json.value()).isEqualTo(value);
            assertThat(json.header("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(http.get("/", "Accept", "application/json", "If-None-Match", json.entityTag())
                            .status())
                    .isEqualTo(304);
            assertThat(http.get("/history", KEY).json().get(0).path("value").asText())
                    .isEqualTo(value);
            assertThat(http.put("x").problem()).isEqualTo("key-missing");
            assertThat(http.get("/nothing").problem()).isEqualTo("not-found");
        }
    }

    @ParameterizedTest
    @EnumSource
    void openPagesAreLive(Proxy proxy) {
        try (FrontProxy front = proxy.start(instance);
                var http = new Http(front.address())) {
            String before = save(http);
            try (EventReader events = http.events("Origin", ORIGIN, "Accept-Encoding", "gzip, deflate, br, zstd")) {
                assertThat(events.head().header("Content-Encoding")).isEmpty();
                assertThat(events.next().value()).isEqualTo(before);
                String now = save(http);
                assertThat(events.next().value()).isEqualTo(now);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void weakenedTagSavesOnceAndNeverOverwritesUnnoticed(Compressing proxy) {
        try (FrontProxy front = proxy.start(instance);
                var http = new Http(front.address())) {
            save(http);
            String tag = http.get("/", "Accept", "application/json", "Accept-Encoding", "gzip")
                    .entityTag();
            assertThat(tag).startsWith("W/\"");
            assertThat(http.get("/", "Accept", "application/json", "Accept-Encoding", "gzip", "If-None-Match", tag)
                            .status())
                    .isEqualTo(304);
            assertThat(http.put("mine", "X-API-Key", TestKeys.WRITER, "If-Match", tag)
                            .status())
                    .isEqualTo(200);
            assertThat(http.put("too late", "X-API-Key", TestKeys.WRITER, "If-Match", tag)
                            .problem())
                    .isEqualTo("not-current");
            assertThat(http.get("/", "Accept", "text/plain").text()).isEqualTo("mine");
        }
    }

    @Test
    void changeIsLoggedWithTheAddressThatTheProxySawWhateverTheClientWrites() throws IOException {
        try (FrontProxy front = FrontProxy.haproxy(instance.address().getPort(), "option forwardfor")) {
            for (String claimed : new String[] {
                "", "X-Forwarded-For: 192.0.2.1\r\n",
                        "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2, 192.0.2.3\r\n",
                "X-Forwarded-For: ,\r\n", "x-forwarded-for: \"\r\n",
                        "Forwarded: for=192.0.2.1\r\nX-Real-IP: 192.0.2.1\r\n"
            }) {
                String answer = saveFrom(CLIENT, front, claimed);
                String version = answer.replaceFirst("(?s).*\"version\":(\\d+).*", "$1");
                Awaitility.await().until(() -> lineOf(version).contains("address="));
                assertThat(lineOf(version)).as(claimed).contains("address=\"" + CLIENT + "\"");
            }
        }
    }

    @Test
    void slowBodiesOfOneClientKeepOutItselfOnly() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try (FrontProxy front = FrontProxy.haproxy(instance.address().getPort(), "option forwardfor")) {
            for (int i = 0; i < REQUESTS_PER_CLIENT_MAX; i++) {
                slow.add(socket(CLIENT, front));
                slow.getLast()
                        .getOutputStream()
                        .write("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nhalf".getBytes(ISO_8859_1));
            }
            Awaitility.await("one too many")
                    .until(() -> saveFrom(CLIENT, front, "").startsWith("HTTP/1.1 429"));
            assertThat(saveFrom("127.0.0.10", front, "")).startsWith("HTTP/1.1 200");
            for (Socket each : slow) {
                each.close();
            }
            Awaitility.await("room again")
                    .until(() -> saveFrom(CLIENT, front, "").startsWith("HTTP/1.1 200"));
        } finally {
            for (Socket each : slow) {
                each.close();
            }
        }
    }

    /** A new string, long enough to be compressed. */
    private String save(Http http) {
        String value = "behind a proxy " + "once more ".repeat(30) + ++writes;
        assertThat(http.put(value, KEY).status()).isEqualTo(200);
        return value;
    }

    private static String saveFrom(String address, FrontProxy front, String headers) throws IOException {
        try (Socket socket = socket(address, front)) {
            socket.getOutputStream()
                    .write(("PUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER + "\r\n" + headers
                                    + "Connection: close\r\nContent-Length: 4\r\n\r\nfrom")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Socket socket(String address, FrontProxy front) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), front.port(), InetAddress.getByName(address), 0);
    }

    private String lineOf(String version) {
        return instance.log()
                .lines()
                .filter(line -> line.endsWith("version=\"" + version + "\""))
                .findFirst()
                .orElse("");
    }
}
