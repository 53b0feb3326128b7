// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.json.Json;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves in its folder. */
class HomeFilesIT {
    @TempDir private Path home;

    @Test
    void makesSecretsOnceAndKeepsThemForTheirOwnerOnly() throws Exception {
        var file = home.resolve("secrets.properties");
        var first = new Secrets(file);
        var pepper = first.random(Secrets.API_KEY_PEPPER);
        first.keep(Secrets.API_KEY, "sk_live_1");

        var second = new Secrets(file);

        assertThat(pepper).hasSize(64).isNotEqualTo(first.random(Secrets.POSTGRES_PASSWORD));
        assertThat(second.random(Secrets.API_KEY_PEPPER)).isEqualTo(pepper);
        assertThat(second.kept(Secrets.API_KEY)).contains("sk_live_1");
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void describesTheRunningStackForItsOwnerOnly() throws Exception {
        var file = home.resolve("stack.json");
        var description = new StackFile(file, Map.of("gateway_url", "http://127.0.0.1:8000"));

        description.write(Map.of("gateway", 12L));

        var content = Json.parse(Files.readAllBytes(file));
        assertThat(content.path("gateway_url").asText()).isEqualTo("http://127.0.0.1:8000");
        assertThat(content.path("pids").path("gateway").asLong()).isEqualTo(12);
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void makesAFolderForItsOwnerOnlyAndLeavesOneThatIsThere() throws Exception {
        var fresh = home.resolve("fresh");
        PrivateFile.folder(fresh);
        assertThat(mode(fresh)).isEqualTo("rwx------");

        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-x---"));
        PrivateFile.folder(fresh);
        assertThat(mode(fresh)).isEqualTo("rwxr-x---");
    }

    @Test
    void letsOneStackIntoAFolder() throws Exception {
        try (var _ = RunLock.take(home)) {
            assertThatThrownBy(() -> RunLock.take(home))
                    .isInstanceOf(ProcessFailure.class)
                    .hasMessageContaining("already runs in " + home)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        RunLock.take(home).close();
    }

    @Test
    void findsAShortPathForTheSocket() throws Exception {
        try (var near = SocketFolder.in(home)) {
            assertThat(near.socket().toString()).startsWith(home.toString());
            assertThat(mode(near.socket().resolveSibling("."))).isEqualTo("rwx------");
        }
        var deep = Files.createDirectories(home.resolve("x".repeat(100)));
        try (var far = SocketFolder.in(deep)) {
            assertThat(far.socket().toString()).doesNotContain("xxx");
            assertThat(mode(far.socket().resolveSibling("."))).isEqualTo("rwx------");
        }
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
