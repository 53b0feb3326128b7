// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

/** Says whether a token proves who its holder is; waits at most two seconds. */
@FunctionalInterface
public interface CheckToken {
    TokenCheck check(String token);
}
