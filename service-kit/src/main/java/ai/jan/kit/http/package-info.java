// SPDX-License-Identifier: Apache-2.0
/**
 * A thin HTTP server on Jetty core with a virtual thread per request: path templates, limits,
 * errors in OpenAI's shape from one place, server-sent events. The only user of Jetty's classes.
 */
@NullMarked
package ai.jan.kit.http;

import org.jspecify.annotations.NullMarked;
