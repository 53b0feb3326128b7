// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.Value;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function of Kong that can be called over the socket: its name, its messages, the phases in
 * which it works, and what Kong refuses as an argument. {@link PdkMethods} lists them all.
 *
 * @param <A> the argument
 * @param <R> the result
 */
public final class PdkMethod<A, R> {
    /** What Kong raises an error for. */
    @FunctionalInterface
    interface Rule<A> {
        /**
         * @throws IllegalArgumentException if Kong would refuse the argument in that phase
         */
        void check(Phase phase, A argument);
    }

    /** What Kong sends for nil where any type may come: a null of value 1, which the enum lacks. */
    private static final byte[] NIL_VALUE = {0x08, 0x01};

    private static final byte[] NOTHING = {};

    private final String name;
    private final WireType<A> argument;
    private final WireType<R> result;
    private final Set<Phase> phases;
    private final Rule<? super A> rule;

    PdkMethod(
            String name,
            WireType<A> argument,
            WireType<R> result,
            Set<Phase> phases,
            Rule<? super A> rule) {
        this.name = name;
        this.argument = argument;
        this.result = result;
        this.phases = Set.copyOf(phases);
        this.rule = rule;
    }

    /** As on the wire, such as {@code kong.request.get_header}. */
    public String name() {
        return name;
    }

    public WireType<A> argument() {
        return argument;
    }

    public WireType<R> result() {
        return result;
    }

    /** The phases in which it works; in the others it ends the event with an error. */
    public Set<Phase> phases() {
        return phases;
    }

    /** Whether it answers nothing but that it was carried out. */
    public boolean isVoid() {
        return result.equals(WireTypes.EMPTY);
    }

    /** Whether it takes no argument. */
    public boolean takesNothing() {
        return argument.equals(WireTypes.EMPTY);
    }

    /**
     * Refuses what Kong would end the event for.
     *
     * @throws IllegalStateException if it does not work in that phase
     * @throws IllegalArgumentException if Kong would not take the argument
     */
    public void check(Phase phase, A value) {
        if (!phases.contains(phase)) {
            throw new IllegalStateException(
                    name + " does not work in the phase " + phase.wireName());
        }
        try {
            rule.check(phase, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /** A result as Kong sends it; null is nil. */
    public byte[] encodeResult(@Nullable R value) {
        if (result.equals(WireTypes.VALUE) && (value == null || value.equals(Value.nil()))) {
            return NIL_VALUE.clone();
        }
        return value == null || value instanceof Empty ? NOTHING.clone() : result.encode(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
