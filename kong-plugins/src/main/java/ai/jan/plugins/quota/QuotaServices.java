// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kit.metrics.QuotaMetrics;
import java.util.Optional;

/**
 * What the instances of jan-quota share.
 *
 * @param prices nothing if there are only those of the configuration
 */
public record QuotaServices(
        PromptLedger ledger, Denials denials, QuotaMetrics metrics, Optional<ModelPrices> prices) {}
