// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import ai.jan.kit.config.Settings;

/**
 * Whether pages of the web may be fetched, and how polite that is.
 *
 * @param on whether the tool is offered
 * @param heedsRobots whether {@code robots.txt} is asked first
 */
public record ScrapeSettings(boolean on, boolean heedsRobots) {
    /** Reads {@code JAN_SCRAPE} and {@code JAN_SCRAPE_ROBOTS}. */
    public static ScrapeSettings from(Settings settings) {
        return new ScrapeSettings(
                settings.oneOf("JAN_SCRAPE", "on", "off").equals("on"),
                settings.oneOf("JAN_SCRAPE_ROBOTS", "respect", "ignore").equals("respect"));
    }
}
