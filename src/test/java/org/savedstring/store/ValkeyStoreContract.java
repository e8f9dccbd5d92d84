package org.savedstring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.savedstring.store.valkey.ValkeySettings;

/** What the Valkey store promises on top: all instances share one string. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ValkeyStoreContract extends StringStoreContract {

    private @Nullable Valkey valkey;

    /** How to reach the Valkey that this is about; it runs by then. */
    abstract ValkeySettings settings();

    @AfterAll
    final void endEventLoops() {
        if (valkey != null) {
            valkey.close();
        }
    }

    @Override
    final StringStore open() {
        if (valkey == null) {
            valkey = new Valkey(settings());
        }
        return valkey.open();
    }

    @Test
    void whatOneInstanceWritesEveryOtherReads() {
        try (StringStore other = open()) {
            for (int i = 1; i <= 20; i++) {
                SavedString written = write("write " + i);
                assertThat(get(other.read())).isEqualTo(written);
            }
        }
    }

    @Test
    void whatOneInstanceWritesTheFollowersOfEveryOtherGet() throws Exception {
        try (StringStore other = open()) {
            BlockingQueue<SavedString> seen = new LinkedBlockingQueue<>();
            other.follow(0, seen::add);
            for (int i = 1; i <= 5; i++) {
                assertThat(seen.poll(i == 1 ? 0 : 10, TimeUnit.MILLISECONDS)).isNull();
                SavedString written = write("write " + i);
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(written);
            }
        }
    }
}
