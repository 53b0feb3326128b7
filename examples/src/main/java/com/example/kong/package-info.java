// SPDX-License-Identifier: Apache-2.0
/** Kong plugins in Java: three examples and the process that serves them. */
@NullMarked
package com.example.kong;

import org.jspecify.annotations.NullMarked;
