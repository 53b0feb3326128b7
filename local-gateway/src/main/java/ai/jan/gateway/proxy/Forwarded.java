// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Settings;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who is behind the peer, if the peer is trusted to say.
 *
 * @param trusted whether the peer is in {@code trusted_ips}
 * @param ip of the client as far as known
 */
public record Forwarded(boolean trusted, String ip) {
    static Forwarded of(String peer, Headers headers, Settings settings) {
        boolean trusted = settings.trustedIps().contains(peer);
        return new Forwarded(trusted, trusted ? realIp(headers, settings).orElse(peer) : peer);
    }

    private static Optional<String> realIp(Headers headers, Settings settings) {
        var values = headers.all(settings.realIpHeader());
        var addresses =
                values.isEmpty()
                        ? List.<String>of()
                        : List.of(String.join(",", values).split("\\s*,\\s*", -1));
        for (int i = addresses.size() - 1; i >= 0; i--) {
            var address = addresses.get(i).strip();
            if (!isAddress(address)) {
                return Optional.empty();
            }
            boolean passOn =
                    settings.realIpRecursive() && i > 0 && settings.trustedIps().contains(address);
            if (!passOn) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
