// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import java.util.Arrays;

/**
 * The direction of a text's meaning: a signed byte per dimension. A quarter of the room of floats,
 * and near enough to put texts in order.
 */
public final class Vector {
    private static final float LENGTH = 127f;

    private final byte[] bytes;

    private Vector(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The vector that {@link #bytes} were those of. */
    public static Vector ofBytes(byte[] bytes) {
        return new Vector(bytes.clone());
    }

    /** The same direction as these numbers. */
    static Vector of(float[] numbers) {
        double square = 0;
        for (float number : numbers) {
            square += (double) number * number;
        }
        var bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length && square > 0; i++) {
            bytes[i] = (byte) Math.round(numbers[i] / Math.sqrt(square) * LENGTH);
        }
        return new Vector(bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The cosine of the angle between the two: 1 for the same direction; 0 if they do not compare.
     */
    public double cosine(Vector other) {
        if (bytes.length != other.bytes.length) {
            return 0;
        }
        double dot = 0;
        double own = 0;
        double others = 0;
        for (int i = 0; i < bytes.length; i++) {
            dot += bytes[i] * other.bytes[i];
            own += bytes[i] * bytes[i];
            others += other.bytes[i] * other.bytes[i];
        }
        return own == 0 || others == 0 ? 0 : dot / (Math.sqrt(own) * Math.sqrt(others));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vector vector && Arrays.equals(bytes, vector.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Vector[" + bytes.length + "]";
    }
}
