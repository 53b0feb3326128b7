// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Kong, as seen from one phase of one request. Valid until the phase method returns, on its thread
 * only: any other use throws {@link IllegalStateException}, as does a method that does not work in
 * the phase. An argument that Kong would refuse throws {@link IllegalArgumentException}. All of
 * that happens before anything is sent, so the request is not harmed by it.
 *
 * <p>Methods with a result give an {@link Answer}; methods without one are queued and travel with
 * the next answer that is waited for, or with the end of the event.
 */
public interface Kong {
    Client client();

    Ctx ctx();

    Ip ip();

    Log log();

    Nginx nginx();

    Node node();

    Request request();

    Response response();

    Router router();

    Service service();

    /**
     * Headers of a request or an answer.
     *
     * @param values by lower-case name, in order of arrival
     * @param truncated whether there were more headers than could be asked for
     */
    record Headers(Map<String, List<String>> values, boolean truncated) {
        /** The first value of that name, in any case. */
        public Optional<String> first(String name) {
            var all = values.get(name.toLowerCase(Locale.ROOT));
            return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
        }
    }

    /**
     * The arguments of a query.
     *
     * @param args decoded, by name, in order of arrival; {@code ""} for one without a value
     * @param truncated whether there may be more arguments than were asked for
     */
    record Query(Map<String, List<String>> args, boolean truncated) {
        /** The first value of that name. */
        public Optional<String> first(String name) {
            var all = args.get(name);
            return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
        }
    }
}
