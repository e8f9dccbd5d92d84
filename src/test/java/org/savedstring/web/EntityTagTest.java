package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {

    private static final String TAG = "\"7-123-json\"";

    @ParameterizedTest
    @ValueSource(
            strings = {TAG, "W/" + TAG, "*", " * ", "\"a\"," + TAG, "\"a,b\" , " + TAG + ", \"c\"", "\"\", " + TAG})
    void ifNoneMatchComparesWeaklyWithEachMember(String header) {
        assertThat(EntityTag.matches(header, TAG)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"8-123-json\"",
                "7-123-json",
                "\"7-123-json",
                "w/" + TAG,
                "\"a\" " + TAG,
                "\"7-123-jso\"",
                "**"
            })
    void anythingElseIsNoMatch(String header) {
        assertThat(EntityTag.matches(header, TAG)).isFalse();
    }

    @Test
    void ifMatchNamesRevisionsWhateverTheRepresentation() {
        assertThat(EntityTag.expectedRevisions("\"7-1-json\", \"8-2-text\",\"9-3-html.1a2b3c4d\""))
                .containsExactly("7-1", "8-2", "9-3");
        assertThat(EntityTag.expectedRevisions("*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"7-1-json\"", "\"foreign\"", "\"\"", "\"7-1-xml\"", "\"7-json\"", "\"x7-1-json\""})
    void weakOrForeignTagsNameARevisionThatNeverIs(String header) {
        assertThat(EntityTag.expectedRevisions(header))
                .singleElement()
                .asString()
                .doesNotMatch("\\d+-\\d+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\"x", "\"a\" \"b\"", "*, \"a\"", ",", "\"a\",,\"b\"", "W/*"})
    void malformedIfMatchIsRefused(String header) {
        assertThatThrownBy(() -> EntityTag.expectedRevisions(header)).isInstanceOf(ProblemException.class);
    }

    @Test
    void pageTagChangesWithThePageAround() {
        assertThat(EntityTag.pageTag("a".getBytes(StandardCharsets.UTF_8)))
                .isNotEqualTo(EntityTag.pageTag("b".getBytes(StandardCharsets.UTF_8)));
    }
}
