// SPDX-License-Identifier: Apache-2.0
/**
 * The reservation ledger: what a request will cost at most is reserved before it is served, and
 * settled with what it really used. Exact on any number of nodes, because one PostgreSQL database
 * decides.
 */
@NullMarked
package ai.jan.quota;

import org.jspecify.annotations.NullMarked;
