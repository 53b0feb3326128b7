// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import ai.jan.kong.pdk.Bytes;
import java.util.List;
import java.util.Map;

/** What the matched route's regular expression captured. */
public record UriCapturesResult(
        @Field(1) List<Bytes> unnamed, @Field(2) Map<String, Bytes> named) {}
