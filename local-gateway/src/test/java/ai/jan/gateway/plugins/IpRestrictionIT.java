// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpRestrictionIT {
    @TempDir Path folder;

    private int status(String config) throws Exception {
        try (var gateway =
                new PluginGateway(folder, "{name: ip-restriction, config: {" + config + "}}")) {
            return gateway.send("GET").status();
        }
    }

    @Test
    void letsInWhoIsAllowedAndNotDenied() throws Exception {
        assertThat(status("allow: [127.0.0.0/8]")).isEqualTo(200);
        assertThat(status("allow: [10.0.0.0/8]")).isEqualTo(403);
        assertThat(status("allow: [127.0.0.0/8], deny: [127.0.0.1]")).isEqualTo(403);
        assertThat(status("deny: [127.0.0.1], status: 404")).isEqualTo(404);
    }
}
