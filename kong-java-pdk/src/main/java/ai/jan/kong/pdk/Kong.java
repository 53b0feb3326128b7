// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kong, as seen from one phase of one request. Valid until the phase method returns, on its thread
 * only.
 */
public interface Kong {
    Client client();

    Ctx ctx();

    Log log();

    Nginx nginx();

    Request request();

    Response response();

    Service service();

    /** {@code kong.client}. */
    interface Client {
        Answer<String> getForwardedIp();
    }

    /** {@code kong.ctx}. */
    interface Ctx {
        Shared shared();
    }

    /** {@code kong.ctx.shared}. */
    interface Shared {
        void set(String key, Object value);

        Answer<Optional<Object>> get(String key);
    }

    /** {@code kong.log}. */
    interface Log {
        void err(String message);

        void warn(String message);

        void notice(String message);

        void info(String message);

        void debug(String message);
    }

    /** {@code kong.nginx}. */
    interface Nginx {
        Answer<Optional<String>> getVar(String name);
    }

    /** {@code kong.request}. */
    interface Request {
        Answer<String> getMethod();

        Answer<String> getPath();

        Answer<String> getRawQuery();

        Answer<Optional<String>> getHeader(String name);

        /** All headers, names in lower case; at most 1000. */
        Answer<Headers> getHeaders();
    }

    /** {@code kong.response}. */
    interface Response {
        void setHeader(String name, String value);

        /** Answers the request here; never returns. Write {@code throw kong.response().exit(…)}. */
        Error exit(int status, byte[] body, Map<String, List<String>> headers);
    }

    /** {@code kong.service}. */
    interface Service {
        ServiceRequest request();
    }

    /** {@code kong.service.request}. */
    interface ServiceRequest {
        void setHeader(String name, String value);

        void clearHeader(String name);
    }

    /**
     * Request headers.
     *
     * @param values by lower-case name, in order of arrival
     * @param truncated whether there were more headers than could be asked for
     */
    record Headers(Map<String, List<String>> values, boolean truncated) {
        /** The first value of that name, in any case. */
        public Optional<String> first(String name) {
            var all = values.get(name.toLowerCase(java.util.Locale.ROOT));
            return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
        }
    }
}
