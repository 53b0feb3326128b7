// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.jan.kong.pdk.config.ConfigSchema;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    // begin config
    @Test
    void kongSaysWhatIsWrong() throws Exception {
        var schema = ConfigSchema.of("hello-header", HelloHeader.Config.class);
        var config = new JsonMapper().readTree("{\"header\":\"X Hello\",\"nmae\":\"Ada\"}");

        assertEquals(
                "{\"name\":\"required field missing\",\"header\":\"invalid value: X Hello\","
                        + "\"nmae\":\"unknown field\"}",
                schema.problems(config).toString());
    }
    // end config
}
