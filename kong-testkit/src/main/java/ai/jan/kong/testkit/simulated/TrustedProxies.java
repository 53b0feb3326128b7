// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Kong's {@code trusted_ips}, and the header in which they tell the client's address.
 *
 * @param recursive whether trusted addresses in that header are passed over, from the last
 */
record TrustedProxies(List<String> blocks, String realIpHeader, boolean recursive) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    static final TrustedProxies NONE = new TrustedProxies(List.of(), "X-Real-IP", false);

    boolean contains(String address) {
        return bytes(address)
                .filter(bytes -> blocks.stream().anyMatch(block -> contains(block, bytes)))
                .isPresent();
    }

    /** The client's address, as the peer tells it if it may. */
    String client(String peer, HeaderLines headers) {
        var told = headers.first(realIpHeader);
        if (!contains(peer) || told.isEmpty()) {
            return peer;
        }
        var addresses = Arrays.stream(told.get().split(",")).map(String::trim).toList().reversed();
        var client = peer;
        for (var address : addresses) {
            if (bytes(address).isEmpty()) {
                return client;
            }
            client = address;
            if (!recursive || !contains(address)) {
                return client;
            }
        }
        return client;
    }

    private static boolean contains(String block, byte[] address) {
        var parts = block.split("/", 2);
        var network = bytes(parts[0]).orElseThrow();
        int bits = parts.length == 1 ? network.length * 8 : Integer.parseInt(parts[1]);
        if (network.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((network[i / 8] & mask) != (address[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Never asks a name server. */
    private static Optional<byte[]> bytes(String address) {
        if (!ADDRESS.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(address).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
