// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A set of addresses and CIDR ranges. */
public record TrustedIps(List<Range> ranges) {
    /** All addresses that share the first bits of one. */
    public record Range(InetAddress first, int bits) {
        boolean contains(byte[] other) {
            var address = first.getAddress();
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((address[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Reads the entries, noting those that are no address or range. */
    public static TrustedIps of(List<String> entries, String field, Problems problems) {
        var ranges = new ArrayList<Range>();
        for (var entry : entries) {
            range(entry)
                    .ifPresentOrElse(
                            ranges::add,
                            () -> problems.add(field, "invalid ip or cidr range: '" + entry + "'"));
        }
        return new TrustedIps(List.copyOf(ranges));
    }

    static boolean valid(String entry) {
        return range(entry).isPresent();
    }

    private static Optional<Range> range(String entry) {
        int slash = entry.indexOf('/');
        try {
            var address = InetAddress.ofLiteral(slash < 0 ? entry : entry.substring(0, slash));
            int bits =
                    slash < 0
                            ? address.getAddress().length * 8
                            : Integer.parseInt(entry.substring(slash + 1));
            return bits < 0 || bits > address.getAddress().length * 8
                    ? Optional.empty()
                    : Optional.of(new Range(address, bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether a literal address is in the set; a text that is none is not. */
    public boolean contains(String ip) {
        try {
            var address = InetAddress.ofLiteral(ip).getAddress();
            return ranges.stream().anyMatch(range -> range.contains(address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
