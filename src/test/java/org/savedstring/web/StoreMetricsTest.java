package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.savedstring.machine.Metrics;
import org.savedstring.machine.Ports;

/** What operators see of Valkey. */
class StoreMetricsTest extends ServiceTest {

    private static final String READS = "saved_string_store_reads_total";
    private static final String READ_TRIPS = "saved_string_store_round_trips_seconds_count{kind=\"read\"}";
    private static final String OTHER_TRIPS = "saved_string_store_round_trips_seconds_count{kind=\"other\"}";
    private static final String LOST = "saved_string_store_connections_lost_total";

    private final int port = Ports.free();
    private Metrics metrics;

    @Override
    protected Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(overValkey());
        settings.put("saved-string.management.port", String.valueOf(port));
        return settings;
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
    void readsAndTheRoundTripsTheyShareAreCounted() {
        double reads = metrics.value(READS);
        double trips = metrics.value(READ_TRIPS);

        http().get("/");
        http().get("/");

        assertThat(metrics.value(READS)).isGreaterThanOrEqualTo(reads + 2);
        assertThat(metrics.value(READ_TRIPS)).isGreaterThanOrEqualTo(trips + 2);
        assertThat(metrics.lines()).anyMatch(line -> line.startsWith("saved_string_store_round_trips_seconds_max{"));
    }

    @Test
    void writesTakeRoundTripsOfTheirOwn() {
        double trips = metrics.value(OTHER_TRIPS);
        save("counted");
        assertThat(metrics.value(OTHER_TRIPS)).isGreaterThan(trips);
    }

    @Test
    void connectionsThatAreLostAreCounted() {
        double lost = metrics.value(LOST);
        valkey().pause();
        try {
            assertThat(http().get("/").status()).isEqualTo(503);
        } finally {
            valkey().resume();
        }
        await().until(() -> http().get("/").status() == 200);
        assertThat(metrics.value(LOST)).isGreaterThan(lost);
    }
}
