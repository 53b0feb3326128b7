// SPDX-License-Identifier: Apache-2.0
/** What one plugin tells the next about a request. */
@NullMarked
package ai.jan.plugins.request;

import org.jspecify.annotations.NullMarked;
