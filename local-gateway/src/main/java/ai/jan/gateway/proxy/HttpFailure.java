// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

/** A request that ends with one of Kong's own errors. */
final class HttpFailure extends Exception {
    private final int status;

    HttpFailure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    static HttpFailure badRequest() {
        return new HttpFailure(400, "Bad request");
    }

    int status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
