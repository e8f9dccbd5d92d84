package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.savedstring.machine.Answer;

/** What every problem has in common. */
final class ProblemAssert {

    private ProblemAssert() {}

    static void assertProblem(Answer answer, int status, String problem) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonNode body = answer.json();
        assertThat(body.path("type").textValue()).isEqualTo("urn:saved-string:problem:" + problem);
        assertThat(body.path("status").intValue()).isEqualTo(status);
        assertThat(body.path("title").textValue()).isNotBlank();
        assertThat(body.path("detail").textValue())
                .isNotBlank()
                .doesNotContain("Exception", "micronaut", "java.", "\tat ");
    }
}
