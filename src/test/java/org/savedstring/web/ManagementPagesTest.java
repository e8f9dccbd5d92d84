package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Answer;
import org.savedstring.machine.EventReader;
import org.savedstring.machine.Metrics;
import org.savedstring.machine.Ports;

/** What operators see, on a port of its own. */
class ManagementPagesTest extends ServiceTest {

    private final int port = Ports.free();
    private Metrics metrics;

    @Override
    protected Map<String, String> settings() {
        return Map.of("saved-string.management.port", String.valueOf(port));
    }

    @BeforeAll
    void connectToManagement() {
        metrics = new Metrics(port);
    }

    @AfterAll
    void disconnectFromManagement() {
        metrics.close();
    }

    @Test
    void everyRequestIsCountedWhicheverWayItIsAnswered() {
        double before = metrics.value("http_server_requests_seconds_count{method=\"GET\",status=\"200\",uri=\"/\"}");

        http().get("/");
        http().get("/?ordinary");

        assertThat(metrics.value("http_server_requests_seconds_count{method=\"GET\",status=\"200\",uri=\"/\"}"))
                .isEqualTo(before + 2);
    }

    @Test
    void signInsAreCountedByOutcome() {
        double before = metrics.value("saved_string_sign_ins_total{outcome=\"key-unknown\"}");
        http().put("x", "X-API-Key", "sstr_wrong");
        http().put("x", "X-API-Key", "sstr_wrong");
        assertThat(metrics.value("saved_string_sign_ins_total{outcome=\"key-unknown\"}"))
                .isEqualTo(before + 2);
    }

    @Test
    void oneHalfOpenRequestHoldsUpNoOther() throws Exception {
        try (var held = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
            held.getOutputStream().write("GET /health HT".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(metrics.lines()).isNotEmpty();
        }
    }

    @Test
    void unknownAddressesAndMethodsShareOneSeries() {
        http().get("/nobody/knows/1");
        http().get("/nobody/knows/2");
        http().send("BREW", "/");

        assertThat(metrics.lines()).noneMatch(line -> line.contains("nobody") || line.contains("BREW"));
    }

    @Test
    void writesAreCountedByOutcome() {
        save("counted");
        http().put("refused", withKey("If-Match", "\"0-0-json\""));

        assertThat(metrics.value("saved_string_writes_total{outcome=\"saved\"}"))
                .isPositive();
        assertThat(metrics.value("saved_string_writes_total{outcome=\"conflict\"}"))
                .isPositive();
    }

    @Test
    void everyMetricThatOperatorsNeedIsThere() {
        save("measured");

        assertThat(List.of(
                        "http_server_requests_seconds_sum",
                        "http_server_requests_seconds_max",
                        "saved_string_writes_total",
                        "saved_string_event_streams",
                        "saved_string_event_streams_dropped_total",
                        "saved_string_version",
                        "saved_string_api_keys",
                        "saved_string_key_reloads_total{result=\"loaded\"}",
                        "saved_string_key_reloads_total{result=\"refused\"}",
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_cpu_usage",
                        "process_files_open_files"))
                .allSatisfy(name -> assertThat(metrics.lines()).anyMatch(line -> line.contains(name)));
    }

    @Test
    void theVersionAndTheOpenStreamsAreShown() {
        save("shown");
        long version = currentVersion();

        try (EventReader events = http().events()) {
            assertThat(events).isNotNull();
            await().untilAsserted(() -> {
                assertThat(metrics.value("saved_string_version")).isEqualTo((double) version);
                assertThat(metrics.value("saved_string_event_streams")).isPositive();
            });
        }
    }

    @Test
    void healthTellsAboutTheStoreInDetail() {
        Answer health = metrics.management().get("/health");

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.json().path("status").asText()).isEqualTo("UP");
        assertThat(health.json().path("store").path("version").asLong()).isEqualTo(currentVersion());
        assertThat(health.json().path("apiKeys").asInt()).isPositive();
    }

    @Test
    void infoTellsWhichCommitIsRunning() {
        assertThat(metrics.management().get("/info").json().path("commit").asText())
                .matches("[0-9a-f]{40}|unknown");
    }

    @Test
    void noOtherPageIsServedThere() {
        assertThat(metrics.management().get("/").status()).isEqualTo(404);
        assertThat(metrics.management().get("/prometheus/more").status()).isEqualTo(404);
    }

    @Test
    void theServiceItselfServesNoneOfIt() {
        assertThat(List.of("/prometheus", "/info", "/health"))
                .allSatisfy(path -> assertThat(http().get(path).status()).isEqualTo(404));
    }

    @Test
    void onlyTheInstanceItselfReachesIt() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();

        assertThat(others).noneMatch(this::accepts);
        assertThat(accepts(InetAddress.getLoopbackAddress())).isTrue();
    }

    private boolean accepts(InetAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
            return true;
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
