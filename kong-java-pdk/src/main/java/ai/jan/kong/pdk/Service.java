// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** {@code kong.service}: the service that the request goes to. */
public interface Service {
    ServiceRequest request();
}
