// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.quota.Price;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPricesIT {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("backends.yml");
    }

    @Test
    void readsWhatTheBackendsFileSays() throws Exception {
        write("{id: chat, upstream_id: x, price: {input: 0.2, output: 0.6}}, plain");

        var prices = ModelPrices.read(file);

        assertThat(prices.of("chat")).contains(new Price(0, 200, 600));
        assertThat(prices.of("plain")).isEmpty();
        assertThat(prices.of("x")).as("what the server calls it").isEmpty();
    }

    @Test
    void theDearestServerCounts() throws Exception {
        Files.writeString(
                file,
                """
                backends:
                  - {name: a, models: [{id: chat, price: {input: 1, output: 2}}]}
                  - {name: b, models: [{id: chat, price: {input: 0.5, output: 3}}]}
                """);

        assertThat(ModelPrices.read(file).of("chat")).contains(new Price(0, 1000, 3000));
    }

    @Test
    void takesOverAChangeButNotAMistake() throws Exception {
        write("{id: chat, price: {input: 1, output: 2}}");
        var prices = ModelPrices.read(file);

        write("{id: chat, price: {input: free, output: 2}}");
        assertThatThrownBy(prices::run).hasMessageContaining("chat");
        assertThat(prices.of("chat")).contains(new Price(0, 1000, 2000));

        write("{id: chat, price: {input: 3, output: 4}}");
        prices.run();
        assertThat(prices.of("chat")).contains(new Price(0, 3000, 4000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{input: 1}", "{input: -1, output: 1}", "{input: 1e40, output: 1}"})
    void doesNotStartWithAPriceThatIsNone(String price) throws Exception {
        write("{id: chat, price: " + price + "}");

        assertThatThrownBy(() -> ModelPrices.read(file))
                .isInstanceOf(ProcessFailure.class)
                .hasMessageContaining("backends.yml");
    }

    @Test
    void doesNotStartWithoutItsFile() {
        assertThatThrownBy(() -> ModelPrices.read(file)).isInstanceOf(ProcessFailure.class);
    }

    private void write(String models) throws IOException {
        Files.writeString(file, "backends: [{name: a, models: [" + models + "]}]");
    }
}
