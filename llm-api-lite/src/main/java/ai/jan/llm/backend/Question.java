// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.Exchange;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is asked of a model, for one client.
 *
 * @param exchange with the client; its request was read to its end
 * @param model whose backends are asked, see {@link Models#wanted}
 * @param stream whether the answer is a stream of events
 * @param affinity requests with the same text go to the same backend, while it is not much busier
 *     than others, because it may remember the beginning of the prompt
 * @param body of the request, for a model by the name it has at the backend that is asked
 */
public record Question(
        Exchange exchange,
        Endpoint endpoint,
        String model,
        boolean stream,
        Optional<String> affinity,
        Function<ServedModel, byte[]> body) {}
