// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.math.BigDecimal;

/** What a million tokens of a model cost, in whichever currency the operator counts. */
public record Price(BigDecimal input, BigDecimal output) {}
