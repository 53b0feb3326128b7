// SPDX-License-Identifier: Apache-2.0
/** For tests with JUnit 5, which is an optional dependency: who tests with it has it. */
@NullMarked
package ai.jan.kong.testkit.junit;

import org.jspecify.annotations.NullMarked;
