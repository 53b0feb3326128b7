// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.ClientGone;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where the events of a response go. */
@FunctionalInterface
interface Events {
    /** Of a response that is not streamed. */
    Events UNHEARD = (_, _) -> {};

    /**
     * @param type such as {@code response.output_text.delta}
     * @param members besides the type and the sequence number
     */
    void emit(String type, ObjectNode members) throws ClientGone;
}
