// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the module table of docs/architecture/README.md. */
class ModuleDependenciesTest {
    /** Module, its root package, and the root packages of ours it may use. */
    private static final Map<String, List<String>> ALLOWED =
            Map.ofEntries(
                    entry("ai.jan.kong.pdk", List.of()),
                    entry("ai.jan.kong.testkit", List.of("ai.jan.kong.pdk")),
                    entry("ai.jan.kit", List.of()),
                    entry("ai.jan.database", List.of("ai.jan.kit")),
                    entry("ai.jan.quota", List.of("ai.jan.kit", "ai.jan.database")),
                    entry(
                            "ai.jan.plugins",
                            List.of(
                                    "ai.jan.kong.pdk",
                                    "ai.jan.kit",
                                    "ai.jan.database",
                                    "ai.jan.quota")),
                    entry("ai.jan.llm", List.of("ai.jan.kit", "ai.jan.database", "ai.jan.quota")),
                    entry("ai.jan.tools", List.of("ai.jan.kit", "ai.jan.database")),
                    entry(
                            "ai.jan.gateway",
                            List.of("ai.jan.kit", "ai.jan.kong.testkit", "ai.jan.kong.pdk")),
                    entry("ai.jan.stack", List.of("ai.jan.kit")),
                    entry(
                            "ai.jan.bench",
                            List.of("ai.jan.kong.pdk", "ai.jan.kit", "ai.jan.plugins")),
                    entry("com.example.kong", List.of("ai.jan.kong.pdk")));

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() throws Exception {
        try (var modules = Files.list(Path.of(".."))) {
            var folders =
                    modules.map(module -> module.resolve("target/classes"))
                            .filter(Files::isDirectory)
                            .toList();
            assertThat(folders).hasSizeGreaterThanOrEqualTo(ALLOWED.size());
            classes = new ClassFileImporter().importPaths(folders.toArray(Path[]::new));
        }
    }

    @Test
    void arrowsBetweenModulesGoOneWay() {
        ALLOWED.forEach((module, allowed) -> {
            var forbidden =
                    ALLOWED.keySet().stream()
                            .filter(other -> !other.equals(module) && !allowed.contains(other))
                            .map(other -> other + "..")
                            .toArray(String[]::new);
            noClasses()
                    .that(resideInAPackage(module + ".."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(forbidden))
                    .check(classes);
        });
    }

    @Test
    void thePluginKitUsesOnlyTheJdkJacksonAndSlf4j() {
        noClasses()
                .that(
                        resideInAnyPackage("ai.jan.kong..")
                                .and(not(resideInAPackage("ai.jan.kong.testkit.junit"))))
                .should()
                .dependOnClassesThat(
                        not(
                                resideInAnyPackage(
                                        "ai.jan.kong..",
                                        "java..",
                                        "com.fasterxml.jackson..",
                                        "org.slf4j..",
                                        "org.jspecify..")))
                .check(classes);
    }

    @Test
    void aLibraryWithAWideApiIsUsedInOnePackage() {
        noClasses()
                .that(
                        resideInAnyPackage("ai.jan..")
                                .and(not(resideInAPackage("ai.jan.kit.http.."))))
                .should()
                .dependOnClassesThat(resideInAPackage("org.eclipse.jetty.."))
                .check(classes);
        noClasses()
                .that(
                        resideInAPackage("ai.jan..")
                                .and(not(resideInAPackage("ai.jan.kit.metrics.."))))
                .should()
                .dependOnClassesThat(resideInAPackage("io.prometheus.."))
                .check(classes);
        noClasses()
                .that(
                        resideInAPackage("ai.jan..")
                                .and(not(resideInAPackage("ai.jan.kit.telemetry.."))))
                .should()
                .dependOnClassesThat(resideInAPackage("io.opentelemetry.."))
                .check(classes);
        noClasses()
                .that(
                        resideInAPackage("ai.jan..")
                                .and(
                                        not(
                                                resideInAnyPackage(
                                                        "ai.jan.tools.mcp",
                                                        "ai.jan.tools.bridge"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.modelcontextprotocol..", "reactor.."))
                .check(classes);
        noClasses()
                .that(resideInAPackage("ai.jan..").and(not(resideInAPackage("ai.jan.database.."))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.zaxxer.hikari..", "org.flywaydb.."))
                .check(classes);
    }

    /** Of two on a class path logback takes one, and complains at each start. */
    @Test
    void howIsLoggedIsSaidInOneModule() throws Exception {
        try (var modules = Files.list(Path.of(".."))) {
            assertThat(
                            modules.map(each -> each.resolve("src/main/resources/logback.xml"))
                                    .filter(Files::exists))
                    .containsExactly(Path.of("../service-kit/src/main/resources/logback.xml"));
        }
    }

    @Test
    void packagesOfAModuleHaveNoCycles() {
        for (var module : ALLOWED.keySet()) {
            SlicesRuleDefinition.slices()
                    .matching(module + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }
}
