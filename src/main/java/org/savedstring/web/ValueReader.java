package org.savedstring.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.savedstring.answer.ProblemException;
import org.savedstring.answer.Problems;

/**
 * Reads a new value from a request's body and refuses, with the reason, whatever could not be shown exactly as it was
 * sent.
 */
@Singleton
final class ValueReader {

    private static final int NESTING_MAX = 20;
    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final String BYTE_ORDER_MARK_TEXT = "\uFEFF";
    private static final String FIELD = "value=";

    private final int bytesMax;
    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(NESTING_MAX).build())
            .build();

    ValueReader(@Value("${saved-string.value-bytes-max}") int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Reads the value.
     *
     * @param contentType what the body claims to be; null if it claims nothing
     * @throws ProblemException if the type isn't accepted, or the value can't be saved
     */
    String read(byte[] body, @Nullable MediaType contentType) {
        Form form = requireSupported(contentType);
        String text = decode(body);
        return check(withoutTrailingLineBreak(
                switch (form) {
                    case RAW -> text;
                    case JSON -> valueMember(withoutByteOrderMark(text));
                    case FIELDS -> valueField(text);
                }));
    }

    /** How the body holds the value. */
    private enum Form {
        RAW,
        JSON,
        FIELDS
    }

    private static Form requireSupported(@Nullable MediaType contentType) {
        requireCharset(contentType);
        if (contentType == null) {
            return Form.RAW;
        }
        return switch (contentType.getName().toLowerCase(Locale.ROOT)) {
            case MediaType.TEXT_PLAIN -> Form.RAW;
            case MediaType.APPLICATION_FORM_URLENCODED -> Form.FIELDS;
            case MediaType.APPLICATION_JSON -> Form.JSON;
            default ->
                throw Problems.unsupportedMediaType(
                        "The body is " + printable(contentType) + "; text/plain or application/json is expected.");
        };
    }

    private static void requireCharset(@Nullable MediaType contentType) {
        if (contentType == null) {
            return;
        }
        String charset = contentType.getParameters().get("charset").orElse("utf-8");
        if (!CHARSETS.contains(charset.toLowerCase(Locale.ROOT))) {
            throw Problems.unsupportedMediaType(
                    "The body is " + printable(contentType) + "; charset UTF-8 is expected.");
        }
    }

    private static String decode(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problems.badRequest("malformed-utf-8", "The body is not valid UTF-8.");
        }
    }

    /** A document may begin with one, though nobody should send it (RFC 8259, section 8.1). */
    private static String withoutByteOrderMark(String document) {
        return document.startsWith(BYTE_ORDER_MARK_TEXT) ? document.substring(1) : document;
    }

    /**
     * What a form, or {@code curl --data-urlencode value=…}, sends as its one field; {@code curl -d} sends the same type,
     * and then the body is the string.
     */
    private static String valueField(String body) {
        boolean isFirst = body.startsWith(FIELD);
        if (!isFirst && !body.contains('&' + FIELD)) {
            return body;
        }
        if (body.indexOf('&') >= 0) {
            throw Problems.badRequest(
                    "several-fields",
                    "The body is a form with more fields than value; send that one alone, or the string as text/plain.");
        }
        try {
            return decode(percentDecoded(body.substring(FIELD.length())));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw Problems.badRequest(
                    "malformed-form", "The field value has a % that is not followed by two hexadecimal digits.");
        }
    }

    private static byte[] percentDecoded(String text) {
        var bytes = new ByteArrayOutputStream();
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            switch (encoded[i]) {
                case '+' -> bytes.write(' ');
                case '%' -> {
                    bytes.write(HexFormat.fromHexDigit(encoded[i + 1]) << 4 | HexFormat.fromHexDigit(encoded[i + 2]));
                    i += 2;
                }
                default -> bytes.write(encoded[i]);
            }
        }
        return bytes.toByteArray();
    }

    private String valueMember(String document) {
        try (JsonParser parser = json.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformedJson("The body is JSON but not an object; {\"value\": \"…\"} is expected.");
            }
            String value = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isValue = parser.currentName().equals("value");
                JsonToken token = parser.nextToken();
                if (isValue && token != JsonToken.VALUE_STRING) {
                    throw malformedJson("\"value\" is " + kindOf(token) + "; a string is expected.");
                }
                if (isValue) {
                    value = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw malformedJson("Something follows the JSON object.");
            }
            if (value == null) {
                throw malformedJson("The JSON object lacks \"value\"; {\"value\": \"…\"} is expected.");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw malformedJson("The JSON is nested more than " + NESTING_MAX
                    + " levels deep, or a name or number in it is" + " too long.");
        } catch (JsonParseException e) {
            throw malformedJson("The body is not valid JSON, or repeats a name: line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ".");
        } catch (IOException e) {
            throw malformedJson("The body is not valid JSON.");
        }
    }

    private static String kindOf(@Nullable JsonToken token) {
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            case null, default -> "null";
        };
    }

    private static ProblemException malformedJson(String detail) {
        return Problems.badRequest("malformed-json", detail);
    }

    private static String withoutTrailingLineBreak(String value) {
        if (value.endsWith("\r\n")) {
            return value.substring(0, value.length() - 2);
        }
        return value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
    }

    private String check(String value) {
        if (value.isEmpty()) {
            throw Problems.badRequest("value-empty", "The string is empty; 1 to " + bytesMax + " bytes are expected.");
        }
        value.codePoints().forEach(ValueReader::checkCodePoint);
        if (value.codePointAt(0) == BYTE_ORDER_MARK) {
            throw Problems.badRequest(
                    "value-not-showable", "The string starts with a byte order mark (U+FEFF), which clients drop.");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > bytesMax) {
            throw Problems.valueTooLong(
                    "The string has " + bytes + " bytes in UTF-8; at most " + bytesMax + " are accepted.");
        }
        return value;
    }

    private static void checkCodePoint(int codePoint) {
        if (Character.getType(codePoint) == Character.SURROGATE) {
            throw Problems.badRequest(
                    "value-not-showable",
                    "The string has half a surrogate pair (U+%04X), which is not a character.".formatted(codePoint));
        }
        if (Character.isISOControl(codePoint) && codePoint != '\t' && codePoint != '\n' && codePoint != '\r') {
            throw Problems.badRequest(
                    "value-not-showable",
                    "The string has a control character (U+%04X), which a page can't show; it can show tabs and line breaks."
                            .formatted(codePoint));
        }
    }

    private static String printable(MediaType contentType) {
        String text = contentType.toString();
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
