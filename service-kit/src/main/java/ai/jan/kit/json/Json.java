// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The only holder of a Jackson mapper, so that limits and conventions are set in one place: nesting
 * at most 100 deep, one value per document, unknown properties kept out of the way. Thread-safe.
 */
public final class Json {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_TEXT = 64 * 1024 * 1024;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxStringLength(MAX_TEXT)
                                                    .build())
                                    .build())
                    .addModule(new JavaTimeModule())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    private static final ObjectReader UNAMBIGUOUS =
            MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Json() {}

    /**
     * Parses one JSON value.
     *
     * @throws JsonProcessingException if the bytes are not exactly one JSON value in UTF-8
     */
    public static JsonNode parse(byte[] json) throws JsonProcessingException {
        return MAPPER.readTree(utf8(json));
    }

    /**
     * Parses one JSON value that somebody else will read too: an object that has a member twice is
     * refused, because readers do not agree on which of the two counts.
     *
     * @throws JsonProcessingException if the bytes are not exactly one such value in UTF-8
     */
    public static JsonNode parseUnambiguous(byte[] json) throws JsonProcessingException {
        return UNAMBIGUOUS.readTree(utf8(json));
    }

    /** Jackson would guess the encoding, and read overlong sequences. */
    private static String utf8(byte[] json) throws JsonProcessingException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
        } catch (CharacterCodingException e) {
            throw new JsonParseException(null, "not UTF-8", e);
        }
    }

    /**
     * Parses one JSON value.
     *
     * @throws JsonProcessingException if the text is not exactly one JSON value
     */
    public static JsonNode parse(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /**
     * Parses one JSON value into a record.
     *
     * @throws JsonProcessingException if the bytes do not fit the type
     */
    public static <T> T read(byte[] json, Class<T> type) throws JsonProcessingException {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("reading bytes from memory failed", e);
        }
    }

    /**
     * Converts a tree into a record.
     *
     * @throws JsonProcessingException if the tree does not fit the type
     */
    public static <T> T read(JsonNode json, Class<T> type) throws JsonProcessingException {
        return MAPPER.treeToValue(json, type);
    }

    /**
     * UTF-8 bytes of a value: a record, a collection or a tree. Half a surrogate pair, which JSON
     * can say and UTF-8 cannot, becomes a question mark.
     */
    public static byte[] bytes(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /** Text of a value: a record, a collection or a tree. */
    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + value.getClass(), e);
        }
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The factory of streaming parsers and generators, with the same limits. */
    public static JsonFactory factory() {
        return MAPPER.getFactory();
    }
}
