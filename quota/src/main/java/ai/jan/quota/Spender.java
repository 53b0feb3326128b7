// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import org.jspecify.annotations.Nullable;

/**
 * In whose name something is used; the ledger tells usage apart by it.
 *
 * @param subject the caller
 * @param plan the caller's plan
 * @param keyId the API key used, if one was
 * @param team the team that pays, if any
 * @param model the model asked for, if any
 */
public record Spender(
        String subject,
        String plan,
        @Nullable String keyId,
        @Nullable String team,
        @Nullable String model) {}
