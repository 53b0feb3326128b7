// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.stack.service.LlmApi;
import ai.jan.stack.service.Migrated;
import ai.jan.stack.service.PluginServer;
import ai.jan.stack.service.Postgres;
import java.io.IOException;

/** The database: made if it is new, started, brought to the version of this build. */
final class DatabaseStep {
    private final Run run;
    private final LlmApi llmApi;
    private final Migrated migrated;

    DatabaseStep(Run run, LlmApi llmApi) {
        this.run = run;
        this.llmApi = llmApi;
        this.migrated = new Migrated(run.home().resolve("migrated"));
    }

    void start() throws IOException, InterruptedException {
        var postgres =
                new Postgres(
                        run.distributions().postgres(run.repository().postgresArchive()),
                        run.home(),
                        run.port(Ports.Service.DATABASE),
                        run.secrets());
        if (postgres.initialize(run.supervisor())) {
            migrated.forget();
            run.secrets().forget(Secrets.API_KEY); // it was in the database that is gone
        }
        run.start(postgres.launch(run.settings().databaseLibraries()));
        var jar = run.repository().jar(LlmApi.NAME);
        if (!migrated.isBy(jar)) {
            run.terminal().say("migrating the database");
            llmApi.migrate(run.supervisor());
            migrated.by(jar);
        }
    }

    /** The key that is there to be used at once; made once per database. */
    String apiKey(PluginServer plugins) throws IOException, InterruptedException {
        var kept = run.secrets().kept(Secrets.API_KEY);
        if (kept.isPresent()) {
            return kept.get();
        }
        run.terminal().say("making an API key");
        var key = plugins.createApiKey(run.supervisor());
        run.secrets().keep(Secrets.API_KEY, key);
        return key;
    }
}
