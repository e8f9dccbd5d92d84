package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.machine.Certificate;
import org.savedstring.machine.Ports;
import org.savedstring.machine.ServiceUser;
import org.savedstring.machine.ValkeyServer;
import org.savedstring.store.valkey.ValkeySettings;

/** One single Valkey with TLS, and a user who may do nothing but what the service needs. */
class SecuredValkeyStoreTest extends ValkeyStoreContract {

    @TempDir
    private static Path directory;

    private ValkeyServer server;
    private Certificate certificate;
    private String address;
    private Path passwordFile;

    @BeforeAll
    void startServer() throws IOException {
        certificate = Certificate.make(directory);
        int tlsPort = Ports.free();
        server = ValkeyServer.start(
                "--tls-port", String.valueOf(tlsPort),
                "--tls-cert-file", certificate.chain().toString(),
                "--tls-key-file", certificate.key().toString(),
                "--tls-ca-cert-file", certificate.chain().toString(),
                "--tls-auth-clients", "no");
        ServiceUser.create(server);
        address = "127.0.0.1:" + tlsPort;
        passwordFile = Files.writeString(directory.resolve("password"), ServiceUser.PASSWORD + "\n");
    }

    @Override
    ValkeySettings settings() {
        return Valkey.settings(address, 0, certificate.chain(), ServiceUser.NAME, passwordFile);
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Override
    void clear() {
        server.command("FLUSHALL");
    }

    @Test
    void strangersCertificateIsNotTrusted() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        assertRefused(
                Valkey.settings(address, 0, Certificate.make(other).chain(), ServiceUser.NAME, passwordFile),
                "Signature");
    }

    @Test
    void wrongPasswordIsSaidAndNotShown() throws IOException {
        Path wrong = Files.writeString(directory.resolve("wrong"), "wr0ng");
        assertRefused(Valkey.settings(address, 0, certificate.chain(), ServiceUser.NAME, wrong), "WRONGPASS");
    }

    @Test
    void missingPasswordFileIsSaid() {
        assertRefused(
                Valkey.settings(address, 0, certificate.chain(), ServiceUser.NAME, directory.resolve("missing")),
                "saved-string.valkey.password-file");
    }

    private static void assertRefused(ValkeySettings settings, String reason) {
        try (Valkey valkey = new Valkey(Valkey.withShortStart(settings))) {
            assertThatThrownBy(valkey::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(reason)
                    .hasMessageNotContaining("wr0ng");
        }
    }
}
