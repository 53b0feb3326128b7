// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

/** What becomes of requests while the ledger does not answer. */
public enum StoreFailure {
    DENY,
    ALLOW
}
