// SPDX-License-Identifier: Apache-2.0
/** The plugin jan-quota: how much a caller may still use. */
@NullMarked
package ai.jan.plugins.quota;

import org.jspecify.annotations.NullMarked;
