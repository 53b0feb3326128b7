// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** {@code kong.service}: the service that the request goes to. */
public interface Service {
    /**
     * {@code kong.service.set_upstream}: sends the request to an upstream entity instead; false if
     * there is none of that name. The service's own host must be a name, not an address. Access
     * only.
     */
    Answer<Boolean> setUpstream(String host);

    /**
     * {@code kong.service.set_target}: sends the request to that address, past balancing and health
     * checks. If the service's own host is an address, this one must be one too. Access, preread.
     *
     * @param port from 0 to 65535
     */
    void setTarget(String host, int port);

    ServiceRequest request();

    ServiceResponse response();
}
