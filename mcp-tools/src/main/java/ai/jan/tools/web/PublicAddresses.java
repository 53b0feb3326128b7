// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether an address belongs to the public Internet (IANA's special-purpose registries, and what a
 * cloud keeps for its machines). Addresses that carry another one inside, such as {@code
 * ::ffff:127.0.0.1} or NAT64's, are never public: what they lead to is decided elsewhere.
 */
public final class PublicAddresses implements Predicate<InetAddress> {
    private static final class Range {
        private final byte[] prefix;
        private final int bits;

        private Range(byte[] prefix, int bits) {
            this.prefix = prefix;
            this.bits = bits;
        }

        static Range of(String text) {
            var parts = text.split("/", -1);
            try {
                return new Range(
                        InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1]));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        boolean holds(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Range> RESERVED_4 =
            ranges(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8",
                    "100.64.0.0/10", // shared by carriers
                    "127.0.0.0/8",
                    "169.254.0.0/16", // link-local: the clouds' metadata services
                    "168.63.129.16/32", // Azure's services for its machines, though it looks public
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24", // documentation
                    "192.31.196.0/24",
                    "192.52.193.0/24",
                    "192.88.99.0/24", // 6to4 relays
                    "192.168.0.0/16",
                    "192.175.48.0/24",
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4"); // reserved, broadcast

    /** Only this part of IPv6 has been given out. */
    private static final Range GLOBAL_6 = Range.of("2000::/3");

    private static final List<Range> RESERVED_6 =
            ranges(
                    "2001::/23", // Teredo, ORCHID, benchmarks
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4
                    "2620:4f:8000::/48",
                    "3fff::/20", // documentation
                    "3ffe::/16"); // 6bone

    @Override
    public boolean test(InetAddress address) {
        var bytes = address.getAddress();
        return switch (address) {
            case Inet4Address _ -> RESERVED_4.stream().noneMatch(range -> range.holds(bytes));
            case Inet6Address _ ->
                    GLOBAL_6.holds(bytes)
                            && RESERVED_6.stream().noneMatch(range -> range.holds(bytes));
            default -> false;
        };
    }

    private static List<Range> ranges(String... texts) {
        return List.of(texts).stream().map(Range::of).toList();
    }
}
