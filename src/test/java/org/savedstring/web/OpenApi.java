package org.savedstring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.savedstring.machine.Answer;

/** The description of the API as a judge of answers. */
final class OpenApi {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "options", "trace");

    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final JsonNode document;

    OpenApi(String yaml) {
        try {
            document = new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code GET /history}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
                if (METHODS.contains(member.getKey())) {
                    operations.add(member.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        return operations;
    }

    /** As {@code GET /history 200}. */
    Set<String> responses() {
        Set<String> responses = new TreeSet<>();
        for (String operation : operations()) {
            operation(operation)
                    .path("responses")
                    .fieldNames()
                    .forEachRemaining(status -> responses.add(operation + " " + status));
        }
        return responses;
    }

    /** Checks that the answer is one that the operation documents, in every part. */
    void assertDocumented(String operation, Answer answer) {
        String name = operation + " " + answer.status();
        assertThat(responses()).contains(name);
        JsonNode response = resolve(operation(operation).path("responses").path(String.valueOf(answer.status())));
        for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
            JsonNode described = resolve(header.getValue());
            assertThat(answer.headers().firstValue(header.getKey()))
                    .as(name + ": " + header.getKey())
                    .isPresent();
            assertValid(
                    name + ": " + header.getKey(),
                    described.path("schema"),
                    TextNode.valueOf(answer.header(header.getKey())));
        }
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(answer.body()).as(name).isEmpty();
            return;
        }
        String type = answer.header("Content-Type");
        assertThat(content.has(type)).as(name + " is documented as " + type).isTrue();
        boolean json = type.endsWith("json");
        assertValid(name, content.path(type).path("schema"), json ? answer.json() : TextNode.valueOf(answer.text()));
    }

    /** Every example must fit its schema. */
    void assertExamplesFit() {
        for (Map.Entry<String, JsonNode> schema :
                document.at("/components/schemas").properties()) {
            for (JsonNode example : schema.getValue().path("examples")) {
                assertValid("example of " + schema.getKey(), schema.getValue(), example);
            }
        }
    }

    List<String> problemTypes() {
        List<String> types = new java.util.ArrayList<>();
        document.at("/components/schemas/Problem/properties/type/enum").forEach(type -> types.add(type.asText()));
        return types;
    }

    private JsonNode operation(String operation) {
        String[] methodAndPath = operation.split(" ", 2);
        return document.path("paths").path(methodAndPath[1]).path(methodAndPath[0].toLowerCase(java.util.Locale.ROOT));
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private void assertValid(String what, JsonNode schema, JsonNode value) {
        ObjectNode standalone = schema.deepCopy();
        standalone.set("components", document.path("components"));
        List<Error> errors = schemas.getSchema(standalone).validate(value);
        assertThat(errors).as(what + ": " + value).isEmpty();
    }
}
