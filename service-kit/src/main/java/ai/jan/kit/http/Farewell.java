// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/**
 * How a server ends that still answers: connections without a request are closed soon, those with
 * one when it is answered. Jetty's own way shortens the patience with all of them, which cuts an
 * answer whose client does not read for a moment.
 */
final class Farewell {
    private static final long PATIENCE = Duration.ofMillis(100).toMillis();

    private final Set<EndPoint> answering = ConcurrentHashMap.newKeySet();

    void answers(Request request) {
        answering.add(endPoint(request));
    }

    void answered(Request request) {
        var endPoint = endPoint(request);
        answering.remove(endPoint);
        if (connector(request).isShutdown()) {
            endPoint.setIdleTimeout(PATIENCE);
        }
    }

    /** Takes no more connections and requests. */
    void begin(ServerConnector connector, GracefulHandler requests) {
        connector.setShutdownIdleTimeout(-1);
        var _ = requests.shutdown(); // the stop waits for both
        var _ = connector.shutdown();
        for (var endPoint : connector.getConnectedEndPoints()) {
            if (!answering.contains(endPoint)) {
                endPoint.setIdleTimeout(PATIENCE);
            }
        }
    }

    private static EndPoint endPoint(Request request) {
        return request.getConnectionMetaData().getConnection().getEndPoint();
    }

    private static Connector connector(Request request) {
        return request.getConnectionMetaData().getConnector();
    }
}
