package org.savedstring.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {

    private static final EntityTag OURS = EntityTag.ofJson("7-123");
    private static final String TAG = OURS.toString();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"7-123-json\"",
                "W/\"7-123-json\"",
                "\"7-123-json-gzip\"",
                "\"7-123-json;gzip\"",
                "*",
                " * ",
                "\"a\",\"7-123-json\"",
                "\"a,b\" , \"7-123-json\", \"c\"",
                "\"\", \"7-123-json\"",
                "\"a\",,\"7-123-json\""
            })
    void aTagIsNamedAlsoInAListAndAsAProxyLeftIt(String header) {
        assertThat(EntityTags.of(List.of(header)).orElseThrow().name(OURS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"8-123-json\"", "\"7-123-jso\"", "\"7-123-text\"", "\"\""})
    void anotherTagIsNotNamed(String header) {
        assertThat(EntityTags.of(List.of(header)).orElseThrow().name(OURS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "7-123-json", "\"x", "\"a\" \"b\"", "*, \"a\"", ",", "W/*", "w/\"a\"", "**"})
    void whatIsMalformedNamesNothing(String header) {
        assertThat(EntityTags.of(List.of(header))).isEmpty();
    }

    @Test
    void severalLinesAreOneList() {
        assertThat(EntityTags.of(List.of("\"a\"", TAG)).orElseThrow().name(OURS))
                .isTrue();
    }

    @Test
    void moreTagsThanAnyoneNamesAreMalformed() {
        assertThat(EntityTags.of(List.of("\"a\",".repeat(64) + TAG))).isEmpty();
    }

    @Test
    void ifMatchNamesRevisionsWhateverTheRepresentation() {
        assertThat(revisions("\"7-1-json\", W/\"8-2-text\",\"9-3-html.1a2b3c4d-gzip\""))
                .containsExactlyInAnyOrder("7-1", "8-2", "9-3");
        assertThat(revisions("*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"foreign\"", "\"\"", "\"7-1-xml\"", "\"7-json\"", "\"x7-1-json\""})
    void foreignTagsNameARevisionThatNeverIs(String header) {
        assertThat(revisions(header)).singleElement().asString().doesNotMatch("\\d+-\\d+");
    }

    @Test
    void pageTagChangesWithThePageAround() {
        assertThat(EntityTag.pageTag("a".getBytes(StandardCharsets.UTF_8)))
                .isNotEqualTo(EntityTag.pageTag("b".getBytes(StandardCharsets.UTF_8)));
    }

    private static Set<String> revisions(String header) {
        return EntityTags.of(List.of(header)).orElseThrow().revisions();
    }
}
