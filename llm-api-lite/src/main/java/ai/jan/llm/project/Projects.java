// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.project;

import ai.jan.database.Database;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.objects.KeysetQuery;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.objects.Slice;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** The table of projects. Every statement names the owner. Thread-safe. */
public final class Projects {
    private static final String COLUMNS =
            "id, name, instruction, is_archived, is_favorite, created_at, updated_at";
    private static final String UNIQUE_VIOLATION = "23505";

    private final Database database;

    public Projects(Database database) {
        this.database = database;
    }

    /**
     * @throws ApiProblem 409 if the owner has another project of that name
     */
    Project create(String owner, ProjectChange change) {
        var name = change.requiredName();
        return unlessTaken(
                name,
                () ->
                        database.with(handle ->
                                handle.createQuery(
                                                """
                                                INSERT INTO chat.projects (owner, id, name, instruction, is_archived, is_favorite)
                                                VALUES (:owner, :id, :name, :instruction, :archived, :favorite)
                                                RETURNING %s
                                                """
                                                        .formatted(COLUMNS))
                                        .bind("owner", owner)
                                        .bind("id", Ids.project())
                                        .bind("name", name)
                                        .bind("instruction", change.instruction())
                                        .bind("archived", change.archived().orElse(false))
                                        .bind("favorite", change.favorite().orElse(false))
                                        .map(ConstructorMapper.of(Project.class))
                                        .one()));
    }

    Optional<Project> find(String owner, String id) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return database.with(handle ->
                handle.createQuery(
                                "SELECT %s FROM chat.projects WHERE owner = :owner AND id = :id"
                                        .formatted(COLUMNS))
                        .bind("owner", owner)
                        .bind("id", id)
                        .map(ConstructorMapper.of(Project.class))
                        .findOne());
    }

    /** Changes what is mentioned; nothing is found if the owner has no such project. */
    Optional<Project> update(String owner, String id, ProjectChange change) {
        if (!Ids.isWellFormed(id)) {
            return Optional.empty();
        }
        return unlessTaken(
                change.name().orElse(""),
                () ->
                        database.with(handle ->
                                handle.createQuery(
                                                """
                                                UPDATE chat.projects SET
                                                  name = coalesce(:name, name),
                                                  instruction = CASE WHEN :hasInstruction THEN :instruction ELSE instruction END,
                                                  is_archived = coalesce(:archived, is_archived),
                                                  is_favorite = coalesce(:favorite, is_favorite),
                                                  updated_at = now()
                                                WHERE owner = :owner AND id = :id
                                                RETURNING %s
                                                """
                                                        .formatted(COLUMNS))
                                        .bind("owner", owner)
                                        .bind("id", id)
                                        .bind("name", change.name().orElse(null))
                                        .bind("hasInstruction", change.hasInstruction())
                                        .bind("instruction", change.instruction())
                                        .bind("archived", change.archived().orElse(null))
                                        .bind("favorite", change.favorite().orElse(null))
                                        .map(ConstructorMapper.of(Project.class))
                                        .findOne()));
    }

    /** Removes a project; its conversations stay and belong to none. */
    boolean delete(String owner, String id) {
        return Ids.isWellFormed(id)
                && database.with(handle ->
                        handle.createUpdate(
                                        "DELETE FROM chat.projects WHERE owner = :owner AND id = :id")
                                .bind("owner", owner)
                                .bind("id", id)
                                .execute())
                        == 1;
    }

    Slice<Project> page(String owner, PageRequest page) {
        var query = KeysetQuery.of("chat.projects", COLUMNS);
        return database.with(handle -> query.read(handle, owner, page, Project.class));
    }

    /**
     * Makes sure that somebody has a project.
     *
     * @throws ApiProblem 404 if not
     */
    public void require(String owner, String id) {
        if (find(owner, id).isEmpty()) {
            throw unknown(id);
        }
    }

    public static ApiProblem unknown(String id) {
        return ApiProblem.notFound(null, null, "Project with id '" + id + "' not found.");
    }

    private interface Statement<T> {
        T run();
    }

    private static <T> T unlessTaken(@Nullable String name, Statement<T> statement) {
        try {
            return statement.run();
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException cause
                    && UNIQUE_VIOLATION.equals(cause.getSQLState())) {
                throw new ApiProblem(
                        409,
                        ApiProblem.INVALID_REQUEST,
                        "project_name_taken",
                        "name",
                        "You already have a project with the name '" + name + "'.");
            }
            throw e;
        }
    }
}
