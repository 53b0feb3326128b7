// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final ServedModel MODEL = new ServedModel("m", "m", OptionalInt.empty());

    @Test
    void theLeastBusyByWeightComesFirst() {
        var light = offer("light", 1);
        var heavy = offer("heavy", 4);
        for (int i = 0; i < 3; i++) {
            assertThat(first(List.of(light, heavy), Optional.empty())).isEqualTo("heavy");
            heavy.backend().callStarted();
        }
        heavy.backend().callStarted();
        assertThat(first(List.of(light, heavy), Optional.empty())).isEqualTo("light");
    }

    @Test
    void oneThatIsOutOfOrderComesLast() {
        var broken = offer("broken", 1);
        for (int i = 0; i < 5; i++) {
            broken.backend().health().failed();
        }
        var busy = offer("busy", 1);
        busy.backend().callStarted();
        assertThat(first(List.of(broken, busy), Optional.empty())).isEqualTo("busy");
        assertThat(first(List.of(broken, busy), Optional.of("conv"))).isEqualTo("busy");
    }

    @Test
    void aConversationKeepsItsBackendInProportionToTheWeights() {
        var offers = List.of(offer("a", 1), offer("b", 1), offer("c", 2));
        var counts = new HashMap<String, Integer>();
        for (int i = 0; i < 4000; i++) {
            var conversation = Optional.of("conv_" + i);
            var home = first(offers, conversation);
            assertThat(first(offers, conversation)).isEqualTo(home);
            counts.merge(home, 1, Integer::sum);
        }
        assertThat(counts.get("a")).isBetween(850, 1150);
        assertThat(counts.get("b")).isBetween(850, 1150);
        assertThat(counts.get("c")).isBetween(1800, 2200);
    }

    @Test
    void aBackendThatGoesMovesOnlyItsOwnConversations() {
        var all = List.of(offer("a", 1), offer("b", 1), offer("c", 1));
        var fewer = all.subList(0, 2);
        for (int i = 0; i < 200; i++) {
            var conversation = Optional.of("conv_" + i);
            var before = first(all, conversation);
            if (!before.equals("c")) {
                assertThat(first(fewer, conversation)).isEqualTo(before);
            }
        }
    }

    @Test
    void aConversationLeavesABackendThatIsMuchBusier() {
        var offers = new ArrayList<>(List.of(offer("a", 1), offer("b", 1)));
        var conversation = Optional.of("conv_1");
        var home = first(offers, conversation);
        var backend =
                offers.stream()
                        .map(Offer::backend)
                        .filter(one -> one.config().name().equals(home))
                        .findFirst()
                        .orElseThrow();
        backend.callStarted();
        backend.callStarted();
        assertThat(first(offers, conversation)).isEqualTo(home);
        backend.callStarted();
        assertThat(first(offers, conversation)).isNotEqualTo(home);
    }

    private static String first(List<Offer> offers, Optional<String> affinity) {
        return Order.of(offers, affinity).getFirst().backend().config().name();
    }

    private static Offer offer(String name, int weight) {
        var config =
                new BackendConfig(
                        name,
                        URI.create("http://127.0.0.1:9/v1"),
                        Optional.empty(),
                        List.of(MODEL),
                        Deadlines.DEFAULT,
                        new Capacity(weight, 100));
        return new Offer(new Backend(config, Upstream.client()), MODEL);
    }
}
