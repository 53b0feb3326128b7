// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

/**
 * A message type of the protocol: how its Java form becomes the bytes of a frame and back.
 * Stateless and thread-safe.
 *
 * @param <T> the Java form
 */
public interface WireType<T> {
    /** The message's name in {@code kong_plugin_protocol}. */
    String name();

    /** The payload of a frame, without its length. */
    byte[] encode(T value);

    /**
     * Reads a payload. Missing fields get protobuf's defaults, unknown ones are skipped; an empty
     * payload is the message with nothing set.
     *
     * @throws WireException if it is not protobuf at all
     */
    T decode(byte[] payload) throws WireException;

    /**
     * Reads a payload as Kong reads one of a plugin. There is one difference: a {@code null_value}
     * 0 is the string {@code NULL_VALUE} to it, any other one that number.
     */
    default T decodeAsKong(byte[] payload) throws WireException {
        return decode(payload);
    }
}
