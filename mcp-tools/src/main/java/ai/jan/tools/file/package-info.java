// SPDX-License-Identifier: Apache-2.0
/** Documents of users, and how they are searched. */
@NullMarked
package ai.jan.tools.file;

import org.jspecify.annotations.NullMarked;
