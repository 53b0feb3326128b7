// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.IOException;

/** A request body that is malformed or larger than the gateway takes. */
public final class BodyUnreadable extends IOException {
    private final HttpFailure failure;

    BodyUnreadable(HttpFailure failure) {
        super(failure);
        this.failure = failure;
    }

    HttpFailure failure() {
        return failure;
    }
}
