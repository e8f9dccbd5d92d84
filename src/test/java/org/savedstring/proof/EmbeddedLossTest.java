package org.savedstring.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.savedstring.load.Workload;
import org.savedstring.load.Workload.Load;
import org.savedstring.load.Workload.Target;
import org.savedstring.load.WorkloadReport;
import org.savedstring.machine.Http;
import org.savedstring.machine.ServiceInstance;
import org.savedstring.machine.TestKeys;
import org.savedstring.store.LossPolicy;
import org.savedstring.store.SavedString;
import org.savedstring.store.embedded.EmbeddedStringStore;

/** As {@link LossTest}, with the store that is a file. */
@Tag("cell")
@LongRunOnly
class EmbeddedLossTest {

    private static final int VERSIONS_MAX = 100_000;
    private static final Load LOAD = new Load(3, 1, Duration.ofMillis(5));
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    @Test
    void fileReplacedByABackup() throws IOException {
        WorkloadReport report;
        OpenPages open;
        long began;
        long over;
        try (ServiceInstance service = ServiceInstance.start(settings())) {
            service.awaitReady();
            var target = new Target("service", service.address());
            open = OpenPages.at(service.address());
            try (var load = Workload.start(TestKeys.WRITER, target, LOAD)) {
                load.goOnFor(FaultProof.STEADY);
                Path backup = Files.copy(file(), directory.resolve("backup"));
                load.goOnFor(BETWEEN);
                began = System.nanoTime();
                Files.move(backup, file(), StandardCopyOption.ATOMIC_MOVE);
                over = System.nanoTime();
                load.awaitEverybodyServedAgain(over);
                load.goOnFor(FaultProof.STEADY);
                report = load.stop();
            }
            try (var http = new Http(service.address())) {
                open.awaitVersion(http.get("/", "Accept", "application/json").version());
            }
            open.close();
        }
        judge(report, open, began, over);
    }

    private void judge(WorkloadReport told, OpenPages open, long began, long over) {
        var kept = new TreeMap<Long, String>();
        Set<Long> lost;
        try (var store = new EmbeddedStringStore(file(), VERSIONS_MAX, LossPolicy.REFUSE, Clock.systemUTC())) {
            List<SavedString> history = store.awaitHistory(VERSIONS_MAX);
            history.stream()
                    .filter(version -> !version.isLost())
                    .forEach(version -> kept.put(version.version(), version.value()));
            lost = history.stream()
                    .filter(SavedString::isLost)
                    .flatMap(loss -> LongStream.rangeClosed(kept.lowerKey(loss.version()) + 1, loss.version())
                            .boxed())
                    .collect(Collectors.toSet());
        }
        WorkloadReport report = told.knowing(lost);
        StreamVerdict pages = open.verdict(report.attempts(), kept, lost);
        FaultTable.note(
                "the file of the embedded store replaced by a backup",
                report,
                new FaultTable.Lost(report.saidToBeLost(kept, lost), report.lost(kept, lost)),
                Duration.ofNanos(over - began),
                report.backAfter(over),
                pages.longestStaleClaim());
        assertThat(lost).isNotEmpty();
        assertThat(report.lost(kept, lost)).as("lost without a word").isZero();
        assertThat(report.verdict().violations())
                .as(report.verdict().toString())
                .isEmpty();
        assertThat(pages.violations()).as("open pages").isEmpty();
        assertThat(report.showedAfter(over, lost)).as("what was lost is shown").isFalse();
    }

    private Path file() {
        return directory.resolve("string");
    }

    private Map<String, String> settings() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), TestKeys.line("writer", TestKeys.WRITER));
        return Map.of(
                "SAVED_STRING_STORE",
                "embedded",
                "SAVED_STRING_EMBEDDED_FILE",
                file().toString(),
                "SAVED_STRING_HISTORY_VERSIONS_MAX",
                String.valueOf(VERSIONS_MAX),
                "SAVED_STRING_KEYS_FILE",
                keys.toString());
    }
}
