// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import org.jspecify.annotations.Nullable;

/**
 * How a reservation ends.
 *
 * @param used null if the request was not served: all is given back but the count of the request
 */
public record Settlement(Reservation reservation, @Nullable Amount used) {
    String state() {
        return used == null ? "released" : "settled";
    }

    Amount booked() {
        return used == null ? new Amount(reservation.amount().requests(), 0, 0) : used;
    }

    long money() {
        return used == null ? 0 : reservation.price().of(used);
    }
}
