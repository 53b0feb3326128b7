// SPDX-License-Identifier: Apache-2.0
/** What measurements tell: as JSON for programs, as pages with plots for people. */
@NullMarked
package ai.jan.bench.report;

import org.jspecify.annotations.NullMarked;
