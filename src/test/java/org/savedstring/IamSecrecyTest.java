package org.savedstring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.machine.Http;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.ServiceUser;
import org.savedstring.machine.TestKeys;
import org.savedstring.store.valkey.ElastiCache;

/** The service as it runs on an instance, signed in with the role that it finds there. */
class IamSecrecyTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"info", "trace"})
    void refusedTokensDoNotEndTheServiceAndAreNotLogged(String level) throws IOException {
        try (ElastiCache elastiCache = new ElastiCache(directory)) {
            elastiCache.acceptTokensFrom(Instant.now());
            try (ServiceInstance service = ServiceInstance.start(settings(elastiCache, level));
                    Http http = service.http()) {
                await().until(() -> http.get("/").status() == 200);

                int connections = elastiCache.connections().size();
                elastiCache.acceptNoToken();
                elastiCache.cutConnections();
                await().until(() -> http.get("/").status() == 503);
                assertThat(http.get("/health/liveness").status()).isEqualTo(200);
                assertThat(http.get("/").text()).doesNotContain("X-Amz");

                elastiCache.acceptTokensFrom(Instant.now());
                await().until(() -> elastiCache.connections().size() >= connections);
                await().until(() -> http.get("/").status() == 200);

                elastiCache.acceptNoToken();
                await().until(() -> service.out().contains("WRONGPASS"));
                await().until(() -> http.get("/").status() == 200);

                assertThat(service.out() + service.err())
                        .contains("WRONGPASS")
                        .doesNotContainIgnoringCase(
                                "X-Amz",
                                "Signature",
                                ElastiCache.ROLE.secretAccessKey(),
                                ElastiCache.ROLE.sessionToken());
            }
        }
    }

    @Test
    void withoutARoleTheStartSaysSo() throws IOException {
        try (ElastiCache elastiCache = new ElastiCache(directory)) {
            Map<String, String> settings = new HashMap<>(settings(elastiCache, "info"));
            settings.keySet().removeIf(name -> name.startsWith("AWS_"));
            settings.put("AWS_EC2_METADATA_DISABLED", "true");
            settings.put("SAVED_STRING_VALKEY_CONNECT_AT_START_TIMEOUT", "2s");
            try (ServiceInstance refused = ServiceInstance.start(settings)) {
                assertThat(refused.awaitExit()).isEqualTo(1);
                assertThat(refused.err().strip()).hasLineCount(1).containsIgnoringCase("credentials");
            }
        }
    }

    private Map<String, String> settings(ElastiCache elastiCache, String level) throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER));
        return Map.ofEntries(
                Map.entry("SAVED_STRING_LOG_LEVEL", level),
                Map.entry("SAVED_STRING_STORE", "valkey"),
                Map.entry("SAVED_STRING_KEYS_FILE", keys.toString()),
                Map.entry("SAVED_STRING_VALKEY_ADDRESS", elastiCache.address()),
                Map.entry(
                        "SAVED_STRING_VALKEY_TLS_CA_FILE",
                        elastiCache.certificates().toString()),
                Map.entry("SAVED_STRING_VALKEY_CONFIRMING_REPLICAS", "0"),
                Map.entry("SAVED_STRING_VALKEY_USERNAME", ServiceUser.NAME),
                Map.entry("SAVED_STRING_VALKEY_IAM_REPLICATION_GROUP", ElastiCache.GROUP),
                Map.entry("SAVED_STRING_VALKEY_IAM_REGION", ElastiCache.REGION),
                Map.entry("SAVED_STRING_VALKEY_IAM_REFRESH", "1s"),
                Map.entry("AWS_ACCESS_KEY_ID", ElastiCache.ROLE.accessKeyId()),
                Map.entry("AWS_SECRET_ACCESS_KEY", ElastiCache.ROLE.secretAccessKey()),
                Map.entry("AWS_SESSION_TOKEN", ElastiCache.ROLE.sessionToken()));
    }
}
