// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import ai.jan.kong.pdk.message.Route;
import ai.jan.kong.pdk.message.Service;
import java.util.Optional;

/** {@code kong.router}: where the request goes. */
public interface Router {
    /**
     * {@code kong.router.get_route}: the matched route; empty if none matched. Access, response,
     * log. Kong fails the event for a route with {@code sources} or {@code destinations}.
     */
    Answer<Optional<Route>> getRoute();

    /**
     * {@code kong.router.get_service}: the service of the matched route; empty if it has none.
     * Access, response, log.
     */
    Answer<Optional<Service>> getService();

    /**
     * The matched route with all its fields, from {@code ngx.ctx}; also for routes with {@code
     * sources} or {@code destinations}. All phases; empty where no route has matched.
     */
    Answer<Optional<Entity>> getFullRoute();

    /**
     * The service of the matched route with all its fields, from {@code ngx.ctx}. All phases; empty
     * if there is none.
     */
    Answer<Optional<Entity>> getFullService();
}
