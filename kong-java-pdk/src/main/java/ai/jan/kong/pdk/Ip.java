// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** {@code kong.ip}. */
public interface Ip {
    /**
     * {@code kong.ip.is_trusted}: whether an address is within Kong's {@code trusted_ips}. All
     * phases.
     *
     * @param address an IP address; Kong looks at nothing else
     */
    Answer<Boolean> isTrusted(String address);
}
