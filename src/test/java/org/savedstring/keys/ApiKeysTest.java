package org.savedstring.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

    @Test
    void knowsTheHolderOfAKeyAndNobodyElse() {
        ApiKeys keys = ApiKeys.ofOne("alice", "key");
        assertThat(keys.holderOf("key")).contains("alice");
        assertThat(keys.holderOf("Key")).isEmpty();
        assertThat(keys.holderOf("")).isEmpty();
        keys.replace(List.of());
        assertThat(keys.holderOf("key")).isEmpty();
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
