// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Entity;
import ai.jan.kong.pdk.Router;
import ai.jan.kong.pdk.message.Route;
import ai.jan.kong.pdk.message.Service;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Optional;

record RouterCalls(Calls calls) implements Router {
    @Override
    public Answer<Optional<Route>> getRoute() {
        return calls.ask(PdkMethods.ROUTER_GET_ROUTE, route -> Forms.present(route, route.id()));
    }

    @Override
    public Answer<Optional<Service>> getService() {
        return calls.ask(
                PdkMethods.ROUTER_GET_SERVICE, service -> Forms.present(service, service.id()));
    }

    @Override
    public Answer<Optional<Entity>> getFullRoute() {
        return Forms.entity(calls, "route");
    }

    @Override
    public Answer<Optional<Entity>> getFullService() {
        return Forms.entity(calls, "service");
    }
}
