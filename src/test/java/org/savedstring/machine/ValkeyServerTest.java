package org.savedstring.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ValkeyServerTest {

    @Test
    void answersOnceStarted() {
        try (var valkey = ValkeyServer.start()) {
            assertThat(valkey.command("SET", "key", "välue")).isEqualTo("OK");
            assertThat(valkey.command("GET", "key")).isEqualTo("välue");
            assertThat(valkey.command("GET", "other")).isNull();
        }
    }

    @Test
    void takesOptions() {
        try (var valkey = ValkeyServer.start("--requirepass", "secret")) {
            assertThatThrownBy(() -> valkey.command("GET", "key")).hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void comesBackWithItsDataWhenItKeepsAny() {
        try (var valkey = ValkeyServer.start("--appendonly", "yes", "--appendfsync", "always")) {
            valkey.command("SET", "key", "value");
            valkey.kill();
            assertThatThrownBy(() -> valkey.command("PING")).isInstanceOf(UncheckedIOException.class);
            valkey.restart();
            assertThat(valkey.command("GET", "key")).isEqualTo("value");
        }
    }

    @Test
    void freezesAndWakes() throws Exception {
        try (var valkey = ValkeyServer.start();
                var resp = new Resp(HttpConnection.local(valkey.port()), Duration.ofMillis(300))) {
            valkey.pause();
            assertThatThrownBy(() -> resp.call("PING")).isInstanceOf(SocketTimeoutException.class);
            valkey.resume();
            assertThat(valkey.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void leavesNothingBehind() {
        ProcessHandle process;
        try (var valkey = ValkeyServer.start()) {
            process = ProcessHandle.of(valkey.pid()).orElseThrow();
        }
        Awaitility.await().until(() -> !process.isAlive());
    }
}
