// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Where a conversation about one command has got to: only their place tells what frames are. */
final class PluginTalk {
    /** What the plugin server's next frame is. */
    enum Next {
        METHOD,
        ARGUMENT,
        RETURN,
        TOO_MUCH
    }

    private final Deque<PdkMethod<?, ?>> unanswered = new ArrayDeque<>();
    private Next next;
    private String method = "";
    private boolean exited;
    private boolean unknown;

    PluginTalk(Command command) {
        next = command instanceof CmdHandleEvent ? Next.METHOD : Next.RETURN;
    }

    Next next() {
        return next;
    }

    /** Whether a frame from Kong would be another command. */
    boolean isIdle() {
        return (next == Next.TOO_MUCH || exited || unknown) && unanswered.isEmpty();
    }

    boolean hasExited() {
        return exited;
    }

    /** The call that Kong answers next. */
    Optional<PdkMethod<?, ?>> asked() {
        return Optional.ofNullable(unanswered.peekFirst());
    }

    /** The method whose argument comes next. */
    String method() {
        return method;
    }

    void next(boolean fromKong, byte[] frame) {
        if (fromKong) {
            unanswered.pollFirst();
        } else {
            fromPlugin(frame);
        }
    }

    private void fromPlugin(byte[] frame) {
        switch (next) {
            case METHOD -> {
                method = new String(frame, StandardCharsets.ISO_8859_1);
                next = frame.length == 0 ? Next.RETURN : Next.ARGUMENT;
            }
            case ARGUMENT -> {
                var called = PdkMethods.named(method);
                exited |= called.filter(PdkMethods.RESPONSE_EXIT::equals).isPresent();
                unknown |= called.isEmpty();
                called.filter(one -> one != PdkMethods.RESPONSE_EXIT).ifPresent(unanswered::add);
                next = Next.METHOD;
            }
            case RETURN -> next = Next.TOO_MUCH;
            case TOO_MUCH -> {}
        }
    }
}
