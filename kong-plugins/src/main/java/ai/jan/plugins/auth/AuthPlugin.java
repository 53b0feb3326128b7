// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Kong;
import ai.jan.plugins.JanPlugin;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The plugin jan-auth. Finds out who is calling, takes away everything by which a caller could
 * claim to be somebody, and tells the service in one signed header. One round trip to Kong.
 */
public final class AuthPlugin extends JanPlugin {
    public static final String NAME = "jan-auth";
    public static final String VERSION = "1.0.0";
    public static final int PRIORITY = 1251;

    private final Authenticator authenticator;
    private final IdentitySigner signer;
    private final TraceParent trace;

    AuthPlugin(Authenticator authenticator, IdentitySigner signer, TraceParent trace) {
        this.authenticator = authenticator;
        this.signer = signer;
        this.trace = trace;
    }

    @Override
    protected void access(Kong kong, RequestId requestId) {
        var headers = kong.request().getHeaders().get();
        if (headers.truncated()) {
            throw new ApiProblem(
                    431,
                    ApiProblem.INVALID_REQUEST,
                    "too_many_headers",
                    null,
                    "The request has too many headers.");
        }
        var caller = authenticator.authenticate(Credential.of(headers));

        // First take away, then set: within one call Kong keeps no order.
        var service = kong.service().request();
        service.setHeaders(removed(ReservedHeaders.among(headers.values().keySet())));
        service.setHeader(Identity.HEADER, signer.sign(caller.identity(requestId.get())));
        if (!TraceParent.isPresentIn(headers)) {
            service.clearHeader(TraceParent.STATE_HEADER);
            service.setHeader(TraceParent.HEADER, trace.mint());
        }
        kong.response()
                .setHeaders(
                        Map.of(
                                "X-Auth-Method", List.of(caller.method().wireName()),
                                "X-Principal-Id", List.of(caller.subject()),
                                "X-User-ID", List.of(caller.subject())));
    }

    private static Map<String, List<String>> removed(List<String> names) {
        return names.stream().collect(Collectors.toMap(name -> name, _ -> List.of()));
    }
}
