// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import java.io.IOException;

/** Something that is read from outside while there is load, such as the memory of a process. */
@FunctionalInterface
public interface Gauge {
    double read() throws IOException;
}
