// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

/**
 * Status line and headers of a service's answer.
 *
 * @param http09 the service sent something that is no status line: all of it is body
 * @param keepAlive the service will keep the connection
 */
record ResponseHead(
        int status, String reason, Headers headers, boolean http09, boolean keepAlive) {}
