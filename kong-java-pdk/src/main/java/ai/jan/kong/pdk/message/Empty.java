// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** {@code google.protobuf.Empty}: no argument, or no result. */
@ProtoName("google.protobuf.Empty")
public record Empty() {
    public static final Empty EMPTY = new Empty();
}
