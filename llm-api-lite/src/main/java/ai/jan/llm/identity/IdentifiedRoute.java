// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.identity;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import java.io.IOException;

/** A route that is only reached by a caller whose identity is proven. */
@FunctionalInterface
public interface IdentifiedRoute {
    void handle(Exchange exchange, Identity caller) throws IOException, InterruptedException;
}
