// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.ProtectedResource;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which authorization server protects a resource (RFC 9728). Addresses are the configured ones,
 * never what a request says of itself.
 */
final class ResourceMetadata {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceMetadata.class);

    private final Optional<ProtectedResource> at;
    private final String issuer;
    private final Set<String> resources;

    ResourceMetadata(IdentityConfig config) {
        this.at = ProtectedResource.at(config.publicUrl()).filter(_ -> !config.issuer().isBlank());
        this.issuer = config.issuer();
        this.resources = Set.copyOf(config.resources());
        if (at.isEmpty()) {
            LOG.error(
                    "jan-identity cannot say where users log in: public_url is not an address"
                            + " without a path, or issuer is empty");
        }
    }

    void addTo(Endpoints endpoints) {
        endpoints.on(
                "GET",
                Pattern.quote(ProtectedResource.WELL_KNOWN) + "(/.*)?",
                (_, path) -> answer(path));
    }

    private Reply answer(String path) {
        if (!path.isEmpty() && !resources.contains(path)) {
            throw ApiProblem.notFound(null, null, "There is no such protected resource.");
        }
        var resource =
                at.orElseThrow(() ->
                        ApiProblem.unavailable(
                                "not_configured", "The address of this server is not configured."));
        var body = Json.object().put("resource", resource.url(path));
        body.putArray("authorization_servers").add(issuer);
        body.putArray("bearer_methods_supported").add("header");
        return Reply.shared(body);
    }
}
