// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class the one stack that is started for all that ask for it this way, with a {@link
 * TestingModel} and with Keycloak. It is stopped after the last test.
 */
final class SharedStack implements ParameterResolver {
    /** What guests may not. */
    private static final String TOOLS = "access: [{tools: [file_search_delete], deny: [guest]}]\n";

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SharedStack.class);

    /** The stack, the model behind it, and where its processes send their spans. */
    record Running(
            TestingStack stack,
            TestingModel model,
            TestingTraces traces,
            Optional<TestingCollector> collector)
            implements AutoCloseable {
        static Running start() {
            try {
                var model = new TestingModel();
                var traces = new TestingTraces();
                var collector = TestingCollector.before(traces);
                var endpoint = collector.map(TestingCollector::endpoint).orElse(traces.endpoint());
                var tools = Path.of("target/shared-tools.yml").toAbsolutePath();
                Files.writeString(tools, TOOLS);
                var settings =
                        Map.of(
                                "JAN_VLLM_URL", model.url().toString(),
                                "JAN_TOOLS_FILE", tools.toString(),
                                "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.toString(),
                                "OTEL_TRACES_SAMPLER_ARG", "1.0",
                                "OTEL_BSP_SCHEDULE_DELAY", "200");
                return new Running(
                        TestingStack.start("shared", settings), model, traces, collector);
            } catch (IOException e) {
                throw new IllegalStateException("the stack did not start", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }

        /** OpenAI's client for Java, which asks once and takes what it gets. */
        OpenAIClient client(String apiKey) throws IOException {
            return OpenAIOkHttpClient.builder()
                    .baseUrl(stack.gateway() + "/v1")
                    .apiKey(apiKey)
                    .timeout(Duration.ofSeconds(60))
                    .maxRetries(0)
                    .build();
        }

        @Override
        public void close() throws IOException {
            var processes = stack.processes();
            stack.close();
            model.close();
            collector.ifPresent(TestingCollector::close);
            traces.close();
            assertThat(processes)
                    .isNotEmpty()
                    .allSatisfy(
                            (name, process) -> assertThat(process.isAlive()).as(name).isFalse());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Running.class);
    }

    @Override
    public Running resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent("stack", _ -> Running.start(), Running.class);
    }
}
