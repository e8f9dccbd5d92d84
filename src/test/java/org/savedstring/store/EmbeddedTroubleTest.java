package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.savedstring.store.StringStoreContract.failure;
import static org.savedstring.store.StringStoreContract.get;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.savedstring.store.embedded.EmbeddedStringStore;

/** What can happen to a file: it is replaced, emptied, shortened, can't grow; none of it hangs or goes unsaid. */
final class EmbeddedTroubleTest {

    private static final int KEPT = 20;

    @TempDir
    private Path directory;

    private StringStore store;

    @BeforeEach
    void open() {
        store = reopened(LossPolicy.REFUSE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A file that may not grow is refused by the kernel as a full disk is. */
    @Test
    void fullDiskIsAnsweredAndTheNextWriteAfterItSucceeds() throws Exception {
        write("first");
        limitFiles(Long.toString(Files.size(file()) + 100));
        try {
            assertThat(failure(store.write("x".repeat(8_000), "writer", Set.of())))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining(file().toString());
            assertThat(store.trouble()).isPresent();
            assertThat(get(store.read()).value()).isEqualTo("first");
        } finally {
            limitFiles("unlimited");
        }
        assertThat(write("second").version()).isEqualTo(2);
        assertThat(store.trouble()).isEmpty();
        store.close();
        store = reopened(LossPolicy.REFUSE);
        assertThat(get(store.history(10))).extracting(SavedString::value).containsExactly("second", "first");
    }

    /** After h2 #705. */
    @ParameterizedTest
    @ValueSource(ints = {1, 50, 300})
    void shortenedFileIsSaidAtTheStart(int bytes) throws IOException {
        write("first");
        write("second".repeat(50));
        store.close();
        cut(Files.size(file()) - bytes);
        store = reopened(LossPolicy.REFUSE);
        assertThat(failure(store.read()))
                .isInstanceOfSatisfying(
                        StoreException.VersionLost.class,
                        lost -> assertThat(lost.lostVersion()).isEqualTo(2));
        assertThat(write("third").version()).isEqualTo(3);
        assertThat(get(store.read()).value()).isEqualTo("third");
    }

    @Test
    void fileWithoutItsHeadIsRefusedAtTheStart() throws IOException {
        write("first");
        store.close();
        cut(20);
        assertThatThrownBy(() -> reopened(LossPolicy.REFUSE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lost almost everything");
        Files.delete(file());
        store = reopened(LossPolicy.REFUSE);
    }

    @Test
    void fileUnderTheNameThatOlderReleasesGaveItIsNamedAtTheStart() throws IOException {
        write("first");
        store.close();
        Path older = directory.resolve(file().getFileName().toString().replaceFirst("\\.[a-z]*$", "") + ".mv.db");
        Files.move(file(), older);
        assertThatThrownBy(() -> reopened(LossPolicy.REFUSE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(older.toString());
        Files.move(older, file());
        open();
        assertThat(get(store.read()).value()).isEqualTo("first");
    }

    @Test
    void fileOfAnOlderReleaseIsRefusedWithAReason() throws IOException {
        store.close();
        Files.writeString(file(), "H:2,block:5,blockSize:1000,chunk:2".repeat(100));
        assertThatThrownBy(() -> reopened(LossPolicy.REFUSE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("older release");
        Files.delete(file());
        store = reopened(LossPolicy.REFUSE);
    }

    @Test
    void fileThatIsReplacedByABackupIsALossToReadersAndFollowers() throws Exception {
        BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
        store.follow(0, seen::add);
        write("first");
        Path backup = Files.copy(file(), directory.resolve("backup"));
        write("second");
        Files.move(backup, file(), StandardCopyOption.ATOMIC_MOVE);
        assertThat(failure(store.read())).isInstanceOfSatisfying(StoreException.VersionLost.class, lost -> {
            assertThat(lost.lostVersion()).isEqualTo(2);
            assertThat(lost.leftVersion()).isEqualTo(1);
        });
        assertThat(seen.poll(10, TimeUnit.SECONDS))
                .extracting(SavedString::version)
                .isEqualTo(1L);
        assertThat(seen.poll(10, TimeUnit.SECONDS))
                .extracting(SavedString::version)
                .isEqualTo(2L);
        assertThat(seen.poll(10, TimeUnit.SECONDS))
                .extracting(SavedString::isLost)
                .isEqualTo(true);
        assertThat(write("third").version()).isEqualTo(3);
        assertThat(get(store.history(10))).extracting(SavedString::version).containsExactly(3L, 2L, 1L);
    }

    @Test
    void fileThatIsReplacedWhileItIsWrittenIsNoticedAllTheSame() throws Exception {
        for (int i = 0; i < 20; i++) {
            write("before");
            Path backup = Files.copy(file(), directory.resolve("backup"));
            var writing = Stream.generate(() -> store.write("meanwhile", "writer", Set.of()))
                    .limit(30)
                    .toList();
            writing.get(i).toCompletableFuture().join();
            Files.move(backup, file(), StandardCopyOption.ATOMIC_MOVE);
            writing.forEach(written -> written.handle((saved, failure) -> "ended")
                    .toCompletableFuture()
                    .join());
            SavedString last = write("the last");
            store.close();
            open();
            assertThat(get(store.read())).isEqualTo(last);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fileThatIsEmptiedOrDeletedIsALossThatFollowersHearOfThoughNobodyReads(boolean delete) throws Exception {
        write("first");
        BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
        store.follow(1, seen::add);
        if (delete) {
            Files.delete(file());
        } else {
            cut(0);
        }
        assertThat(seen.poll(20, TimeUnit.SECONDS))
                .extracting(SavedString::isLost)
                .isEqualTo(true);
        assertThat(failure(store.read())).isInstanceOf(StoreException.VersionLost.class);
        assertThat(write("second").version()).isEqualTo(2);
    }

    @Test
    void whatIsLeftIsShownIfThePolicySaysSo() throws IOException {
        store.close();
        store = reopened(LossPolicy.SHOW);
        write("first");
        Path backup = Files.copy(file(), directory.resolve("backup"));
        String lost = write("second").revision();
        Files.copy(backup, file(), StandardCopyOption.REPLACE_EXISTING);
        SavedString shown = get(store.read());
        assertThat(shown.value()).isEqualTo("first");
        assertThat(shown.version()).isEqualTo(2);
        assertThat(shown.revision()).isNotEqualTo(lost);
    }

    @Test
    void anotherStoresFileIsNeitherReadNorWrittenUntilTheRightOneIsBack() throws IOException {
        write("ours");
        Path ours = Files.copy(file(), directory.resolve("ours"));
        Path theirs = directory.resolve("theirs");
        try (StringStore other = new EmbeddedStringStore(theirs, KEPT, LossPolicy.REFUSE, Clock.systemUTC())) {
            get(other.write("theirs", "writer", Set.of()));
        }
        Files.move(theirs, file(), StandardCopyOption.ATOMIC_MOVE);
        assertThat(failure(store.read()))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("another store");
        assertThat(failure(store.write("lost?", "writer", Set.of()))).isInstanceOf(StoreException.Unavailable.class);
        Files.move(ours, file(), StandardCopyOption.ATOMIC_MOVE);
        assertThat(get(store.read()).value()).isEqualTo("ours");
    }

    /** Of two reads that were sent together the second would else be the older one. */
    @Test
    void laterReadIsNotAnsweredSoonerThanOneThatHasToWait() throws Exception {
        var writing = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        store.follow(0, version -> {
            writing.countDown();
            awaitUninterruptibly(goOn);
        });
        CompletionStage<SavedString> write = store.write("first", "writer", Set.of());
        awaitUninterruptibly(writing);
        try {
            FileTime untouched = Files.getLastModifiedTime(file());
            Files.setLastModifiedTime(file(), FileTime.fromMillis(0));
            CompletionStage<SavedString> waits = store.read();
            Files.setLastModifiedTime(file(), untouched);
            CompletionStage<SavedString> later = store.read();
            assertThat(later.toCompletableFuture()).isNotDone();
            goOn.countDown();
            assertThat(get(waits).value()).isEqualTo("first");
            assertThat(get(later).value()).isEqualTo("first");
            assertThat(get(write).value()).isEqualTo("first");
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void fileStaysSmallUnderRewriting() throws IOException {
        for (int i = 0; i < 500; i++) {
            write("x".repeat(8_000));
        }
        assertThat(Files.size(file())).isLessThan(2_000_000);
        assertThat(get(store.history(100))).hasSize(KEPT);
        store.close();
        store = reopened(LossPolicy.REFUSE);
        assertThat(get(store.read()).version()).isEqualTo(500);
    }

    @Test
    void textThatIsTakenOutIsGoneFromTheFile() throws IOException {
        write("a secret");
        assertThat(failure(store.removeText(1))).isInstanceOf(StoreException.Conflict.class);
        write("harmless");
        assertThat(get(store.removeText(1)).orElseThrow().text()).isEqualTo(SavedString.Text.REMOVED);
        assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1)).doesNotContain("a secret");
        assertThat(write("third").version()).isEqualTo(3);
        assertThat(get(store.history(10))).extracting(SavedString::version).containsExactly(3L, 2L, 1L);
        await().until(() -> store.trouble().isEmpty());
    }

    private SavedString write(String value) {
        return get(store.write(value, "writer", Set.of()));
    }

    private StringStore reopened(LossPolicy lossPolicy) {
        return new EmbeddedStringStore(file(), KEPT, lossPolicy, Clock.systemUTC());
    }

    private Path file() {
        return directory.resolve("saved-string.db");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cut(long length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            file.setLength(length);
        }
    }

    /** The soft limit of this very process. */
    private static void limitFiles(String bytes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "prlimit",
                        "--pid",
                        Long.toString(ProcessHandle.current().pid()),
                        "--fsize=" + bytes + ":")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }
}
