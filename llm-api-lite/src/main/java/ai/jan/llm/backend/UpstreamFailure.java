// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.problem.ApiProblem;
import java.io.IOException;

/** The model server failed; what the client is told is in {@link #problem()}. */
public final class UpstreamFailure extends IOException {
    private final transient ApiProblem problem;
    private final boolean worthAnother;

    private UpstreamFailure(ApiProblem problem, boolean worthAnother, String reason) {
        super(reason);
        this.problem = problem;
        this.worthAnother = worthAnother;
    }

    /** It answered that it cannot serve. */
    static UpstreamFailure unable(ApiProblem problem) {
        return new UpstreamFailure(problem, true, "answered that it cannot");
    }

    /** No connection, or it broke. */
    static UpstreamFailure broken(IOException cause, boolean connected) {
        var problem =
                connected
                        ? gateway(502, "The connection to the model server was lost.")
                        : ApiProblem.unavailable(null, "The model server is not available.")
                                .header("Retry-After", "1");
        var failure =
                new UpstreamFailure(problem, true, connected ? "connection lost" : "no connection");
        failure.initCause(cause);
        return failure;
    }

    /** It hangs: it neither goes on nor answers a simple question. */
    static UpstreamFailure lost() {
        return new UpstreamFailure(
                gateway(504, "The model server does not respond."), true, "no pulse");
    }

    /** It is alive, but a deadline passed. */
    static UpstreamFailure late() {
        return new UpstreamFailure(
                gateway(504, "The model server took too long."), false, "deadline passed");
    }

    /** It answered something that is not what it should. */
    public static UpstreamFailure garbage(String reason) {
        return new UpstreamFailure(
                gateway(502, "The model server sent an answer that cannot be understood."),
                false,
                reason);
    }

    /** It ended a stream without saying that it was complete. */
    public static UpstreamFailure cutOff() {
        return new UpstreamFailure(
                gateway(502, "The model server ended the answer before it was complete."),
                true,
                "ended without [DONE]");
    }

    public ApiProblem problem() {
        return problem;
    }

    /** Whether another replica may be asked, as long as nothing was sent to the client. */
    boolean isWorthAnother() {
        return worthAnother;
    }

    private static ApiProblem gateway(int status, String message) {
        return new ApiProblem(status, ApiProblem.SERVER_ERROR, null, null, message);
    }
}
