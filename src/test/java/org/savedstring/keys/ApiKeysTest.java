package org.savedstring.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

    @Test
    void knowsTheHolderOfAKeyAndNobodyElse() {
        ApiKeys keys = ApiKeys.ofOne("alice", "key");
        assertThat(keys.find("key")).hasValueSatisfying(key -> {
            assertThat(key.name()).isEqualTo("alice");
            assertThat(key.scopes()).containsExactly(Scope.WRITE, Scope.READ);
        });
        assertThat(keys.find("Key")).isEmpty();
        assertThat(keys.find("")).isEmpty();
        keys.replace(List.of());
        assertThat(keys.find("key")).isEmpty();
        assertThat(keys.count()).isZero();
    }

    @Test
    void aKeyExpiresAtItsMomentThoughNoListIsReadThen() {
        var now = new AtomicReference<>(Instant.parse("2027-01-30T23:59:59.999Z"));
        ApiKey key =
                new ApiKey("alice", new byte[32], EnumSet.allOf(Scope.class), Instant.parse("2027-01-31T00:00:00Z"));
        ApiKeys keys = new ApiKeys(List.of(key), now::get);
        assertThat(keys.isExpired(key)).isFalse();
        assertThat(keys.count()).isOne();
        now.set(Instant.parse("2027-01-31T00:00:00Z"));
        assertThat(keys.isExpired(key)).isTrue();
        assertThat(keys.count()).isZero();
    }

    @Test
    void generatedKeysAreRecognisableLongAndNeverTheSame() {
        assertThat(IntStream.range(0, 100).mapToObj(i -> ApiKeys.generate()))
                .allMatch(key -> key.matches("sstr_[A-Za-z0-9_-]{43}"))
                .doesNotHaveDuplicates();
    }

    @Test
    void temporaryKeyDoesNotPrintItself() {
        assertThat(new TemporaryKey("sstr_x")).hasToString("TemporaryKey[…]");
    }
}
