// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kit.metrics.QuotaMetrics;

/** What the instances of jan-quota share. */
public record QuotaServices(PromptLedger ledger, Denials denials, QuotaMetrics metrics) {}
