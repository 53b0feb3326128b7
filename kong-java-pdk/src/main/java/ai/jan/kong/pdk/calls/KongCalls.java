// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Client;
import ai.jan.kong.pdk.Ctx;
import ai.jan.kong.pdk.Ip;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Log;
import ai.jan.kong.pdk.Nginx;
import ai.jan.kong.pdk.Node;
import ai.jan.kong.pdk.Request;
import ai.jan.kong.pdk.Response;
import ai.jan.kong.pdk.Router;
import ai.jan.kong.pdk.Service;

/** Kong for one event: each of its functions is one line on top of {@link Calls}. */
public record KongCalls(
        Client client,
        Ctx ctx,
        Ip ip,
        Log log,
        Nginx nginx,
        Node node,
        Request request,
        Response response,
        Router router,
        Service service)
        implements Kong {

    /**
     * @param plugin the name that stands before each line of {@code kong.log}
     * @param logLevel lines less severe than that are not sent
     */
    public KongCalls(Calls calls, String plugin, Log.Level logLevel) {
        this(
                new ClientCalls(calls),
                ctx(calls),
                new IpCalls(calls),
                new LogCalls(calls, plugin, logLevel),
                new NginxCalls(calls),
                new NodeCalls(calls),
                new RequestCalls(calls),
                new ResponseCalls(calls),
                new RouterCalls(calls),
                new ServiceCalls(calls));
    }

    private static Ctx ctx(Calls calls) {
        var shared = new SharedCalls(calls);
        return () -> shared;
    }
}
