// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.List;

/** The plugins of a server. */
public record PluginNames(@Field(1) List<String> names) {}
