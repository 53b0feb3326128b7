// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.FailurePolicy;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client and Kong's log get when a plugin has failed. */
final class FailureAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(FailureAnswers.class);
    private static final int MAX_LINE = 1000;

    private FailureAnswers() {}

    /** The answer to a request, or none if it is to go on. */
    static Optional<ExitArgs> of(
            Instance instance, Phase phase, Throwable failure, ServerOptions options) {
        boolean goesOn =
                instance instanceof Instance.Usable usable
                        && usable.configured().onFailure() == FailurePolicy.FAIL_OPEN;
        return goesOn ? Optional.empty() : Optional.of(answer(phase, failure, options));
    }

    private static ExitArgs answer(Phase phase, Throwable failure, ServerOptions options) {
        try {
            var args = args(options.errorAnswers().to(failure));
            if (PdkMethods.RESPONSE_EXIT.phases().contains(phase)) {
                PdkMethods.RESPONSE_EXIT.check(phase, args);
            }
            return args;
        } catch (RuntimeException | Error e) {
            LOG.error("no answer could be made for a failure", e);
            return args(ErrorAnswer.KONG);
        }
    }

    private static ExitArgs args(ErrorAnswer answer) {
        return new ExitArgs(answer.status(), answer.body(), Struct.of(answer.headers()));
    }

    /** What an exception says of itself, or its class if it cannot even do that. */
    static String text(Throwable reason) {
        try {
            return String.valueOf(reason);
        } catch (RuntimeException | Error e) {
            return reason.getClass().getName();
        }
    }

    /** A text for Kong's log, which takes some four kilobytes a line. */
    static String oneLine(String text) {
        var line = text.replaceAll("[\\r\\n]+", " | ");
        return line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "…" : line;
    }

    /**
     * A text that Kong gets as the reason for breaking off an event. Two phrases in it would make
     * Kong run the event again, for ever.
     */
    static String withoutTriggers(String text) {
        return oneLine(text)
                .replaceAll("(?i)no plugin instance", "no-plugin-instance")
                .replaceAll("(?i)closed", "shut");
    }
}
