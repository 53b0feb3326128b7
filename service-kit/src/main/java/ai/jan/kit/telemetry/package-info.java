// SPDX-License-Identifier: Apache-2.0
/** Traces: spans of one request, sent to where OTEL_EXPORTER_OTLP_ENDPOINT says. */
@NullMarked
package ai.jan.kit.telemetry;

import org.jspecify.annotations.NullMarked;
