// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Post;
import ai.jan.bench.load.Rig;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.platform.Target;

/**
 * The same POST again and again, of an address that no model is behind.
 *
 * @param path from the gateway's root, such as {@code /auth/validate}
 * @param mark what stands in each good answer
 */
public record RepeatedPost(String path, String mark, int clients) implements Activity {
    @Override
    public Outcome run(Rig rig) throws InterruptedException {
        var target =
                new Target(
                        rig.target().name(),
                        rig.platform().url("gateway_url"),
                        MockModel.NAME,
                        rig.target().headers());
        var post = new Post(path, "{}", mark);
        var load = new Load.Closed(clients);
        long begun = System.nanoTime();
        var seen = load.run(target, post, rig.duration());
        double seconds = (System.nanoTime() - begun) / 1e9;
        var figures =
                new Figures()
                        .add("requests_per_second", seen.whole().getTotalCount() / seconds, "1/s")
                        .times("time", seen.whole());
        return new Outcome(seen, figures.list());
    }
}
