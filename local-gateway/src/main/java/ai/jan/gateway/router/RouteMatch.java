// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.router;

import ai.jan.gateway.config.Route;
import java.util.List;
import java.util.Map;

/**
 * The route of a request.
 *
 * @param prefix what of the path the route matched; empty if it has no paths
 * @param captures groups of its regular expression, in order; an unmatched one is empty
 * @param named groups that have a name
 */
public record RouteMatch(
        Route route, String prefix, List<String> captures, Map<String, String> named) {}
