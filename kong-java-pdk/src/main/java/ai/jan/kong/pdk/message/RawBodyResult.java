// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import ai.jan.kong.pdk.Bytes;
import org.jspecify.annotations.Nullable;

/** The request body: its bytes, the file that nginx keeps it in, or why there is none. */
public record RawBodyResult(
        @Field(value = 1, oneof = "kind") @Nullable Bytes content,
        @Field(value = 2, oneof = "kind") @Nullable String bodyFilepath,
        @Field(value = 3, oneof = "kind") @Nullable String error) {
    public static RawBodyResult ofContent(Bytes content) {
        return new RawBodyResult(content, null, null);
    }

    public static RawBodyResult ofFile(String path) {
        return new RawBodyResult(null, path, null);
    }

    public static RawBodyResult ofError(String error) {
        return new RawBodyResult(null, null, error);
    }
}
