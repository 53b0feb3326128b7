// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;

/**
 * The passwords and keys of this installation: made at random when they are first asked for, and
 * kept in one file that only its owner can read. Thread-safe.
 */
public final class Secrets {
    public static final String POSTGRES_PASSWORD = "postgres_password";
    public static final String MIGRATION_PASSWORD = "migration_password";
    public static final String PLUGINS_DATABASE_PASSWORD = "plugins_database_password";
    public static final String LLM_API_DATABASE_PASSWORD = "llm_api_database_password";
    public static final String MCP_TOOLS_DATABASE_PASSWORD = "mcp_tools_database_password";
    public static final String API_KEY_PEPPER = "api_key_pepper";
    public static final String IDENTITY_KEY_LLM_API_LITE = "identity_key_llm_api_lite";
    public static final String IDENTITY_KEY_MCP_TOOLS = "identity_key_mcp_tools";
    public static final String KEYCLOAK_ADMIN_PASSWORD = "keycloak_admin_password";
    public static final String KEYCLOAK_CLIENT_SECRET = "keycloak_client_secret";
    public static final String KEYCLOAK_WATCH_SECRET = "keycloak_watch_secret";
    public static final String API_KEY = "api_key";

    private static final int BYTES = 32;

    private final Path file;
    private final Properties values = new Properties();
    private final SecureRandom random = new SecureRandom();

    public Secrets(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                values.load(in);
            }
        }
    }

    /** A secret of 256 random bits in hexadecimal digits; the same at every call. */
    public synchronized String random(String name) throws IOException {
        var known = values.getProperty(name);
        if (known != null) {
            return known;
        }
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        var fresh = HexFormat.of().formatHex(bytes);
        keep(name, fresh);
        return fresh;
    }

    /** A secret that was kept. */
    public synchronized Optional<String> kept(String name) {
        return Optional.ofNullable(values.getProperty(name));
    }

    /** Keeps a secret that another process has made. */
    public synchronized void keep(String name, String value) throws IOException {
        values.setProperty(name, value);
        save();
    }

    /** Forgets a secret. */
    public synchronized void forget(String name) throws IOException {
        if (values.remove(name) != null) {
            save();
        }
    }

    private void save() throws IOException {
        var text =
                new StringBuilder("# Made by local-stack for this folder; keep it to yourself.\n");
        for (var name : values.stringPropertyNames().stream().sorted().toList()) {
            text.append(name).append('=').append(values.getProperty(name)).append('\n');
        }
        PrivateFile.write(file, text.toString());
    }
}
