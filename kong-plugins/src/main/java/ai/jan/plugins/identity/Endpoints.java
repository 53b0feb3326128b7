// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.problem.ApiProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which endpoint answers a call: by method, and a regular expression for the whole path. */
final class Endpoints {
    /** Answers a call. */
    @FunctionalInterface
    interface Endpoint {
        /**
         * @param parameter what the path's group has, or an empty text
         */
        Reply answer(Call call, String parameter);
    }

    private record Route(String method, Pattern path, Endpoint endpoint) {}

    private final List<Route> routes = new ArrayList<>();

    /**
     * @param path with at most one group
     */
    Endpoints on(String method, String path, Endpoint endpoint) {
        routes.add(new Route(method, Pattern.compile(path), endpoint));
        return this;
    }

    /**
     * @throws ApiProblem 404 if there is no such path, 405 if it has no such method
     */
    Reply answer(Call call) {
        var methods = new TreeSet<String>();
        for (var route : routes) {
            var match = route.path.matcher(call.path());
            if (match.matches()) {
                if (route.method.equals(call.method())) {
                    var group = match.groupCount() == 0 ? null : match.group(1);
                    return route.endpoint.answer(call, group == null ? "" : group);
                }
                methods.add(route.method);
            }
        }
        if (methods.isEmpty()) {
            throw ApiProblem.notFound(null, null, "There is no such endpoint.");
        }
        throw new ApiProblem(
                        405,
                        ApiProblem.INVALID_REQUEST,
                        null,
                        null,
                        "This endpoint does not have the method " + call.method() + ".")
                .header("Allow", String.join(", ", methods));
    }
}
