// SPDX-License-Identifier: Apache-2.0
/**
 * The one PostgreSQL database: its schemas and roles, its migration, and the pool that every
 * process uses.
 */
@NullMarked
package ai.jan.database;

import org.jspecify.annotations.NullMarked;
