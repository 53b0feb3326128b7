// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.AuthenticateArgs;
import ai.jan.kong.pdk.message.ConsumerSpec;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Target;
import ai.jan.kong.pdk.message.Value;
import java.util.Set;
import java.util.regex.Pattern;

/** What Kong raises an error for, as recorded from it; the rest it takes, sensible or not. */
final class KongRules {
    private static final Set<String> METHODS =
            Set.of(
                    "GET",
                    "HEAD",
                    "PUT",
                    "POST",
                    "DELETE",
                    "OPTIONS",
                    "MKCOL",
                    "COPY",
                    "MOVE",
                    "PROPFIND",
                    "PROPPATCH",
                    "LOCK",
                    "UNLOCK",
                    "PATCH",
                    "TRACE");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private KongRules() {}

    static void status(Phase phase, Integer status) {
        require(status >= 100 && status <= 599, "a status is from 100 to 599");
    }

    static void exit(Phase phase, ExitArgs args) {
        if (phase == Phase.PREREAD) {
            require(
                    Set.of(200, 400, 403, 500, 502, 503).contains(args.status()),
                    "in preread a status is 200, 400, 403, 500, 502 or 503");
        }
        status(phase, args.status());
    }

    static void limit(Phase phase, Integer limit) {
        require(limit >= 1 && limit <= 1000, "a limit is from 1 to 1000");
    }

    /** In log the limit is not looked at: headers come from a snapshot of at most 100. */
    static void limitUnlessLog(Phase phase, Integer limit) {
        if (phase != Phase.LOG) {
            limit(phase, limit);
        }
    }

    static void header(Phase phase, Kv header) {
        switch (header.v()) {
            case Value.Nil _ -> refuse("a header needs a value");
            case Value.Flag(var set) -> require(set, "a header value cannot be false");
            case ListValue(var values) ->
                    require(
                            values.stream().allMatch(Value.Text.class::isInstance),
                            "a list of header values has strings only");
            default -> {} // numbers are written out, and tables by their address
        }
    }

    static void logLine(Phase phase, ListValue line) {
        require(
                line.values().stream().anyMatch(value -> !value.equals(new Value.Flag(false))),
                "a log line needs at least one value");
    }

    static void path(Phase phase, String path) {
        require(path.startsWith("/"), "a path starts with /");
    }

    static void scheme(Phase phase, String scheme) {
        require("http".equals(scheme) || "https".equals(scheme), "a scheme is http or https");
    }

    static void method(Phase phase, String method) {
        require(METHODS.contains(method), "a method is one of HTTP's, in upper case");
    }

    static void target(Phase phase, Target target) {
        require(target.port() >= 0 && target.port() <= 65_535, "a port is from 0 to 65535");
    }

    static void consumerSpec(Phase phase, ConsumerSpec consumer) {
        require(!consumer.id().isEmpty(), "a consumer is needed");
        require(
                consumer.byUsername() || UUID.matcher(consumer.id()).matches(),
                "a consumer's id is a UUID");
    }

    static void authenticate(Phase phase, AuthenticateArgs args) {
        require(
                args.consumer() != null || args.credential() != null,
                "a consumer or a credential is needed");
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            refuse(rule);
        }
    }

    private static void refuse(String rule) {
        throw new IllegalArgumentException(rule);
    }
}
