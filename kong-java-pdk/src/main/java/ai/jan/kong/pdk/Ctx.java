// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** {@code kong.ctx}: what is kept for the time of one request. */
public interface Ctx {
    Shared shared();
}
