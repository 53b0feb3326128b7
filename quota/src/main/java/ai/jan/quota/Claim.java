// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

/**
 * What a request asks of the ledger.
 *
 * @param isOpen whether it is settled later; else its cost is known, it is closed at once and holds
 *     no slot
 */
public record Claim(Reservation reservation, boolean isOpen) {}
