// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.Length;
import ai.jan.kong.pdk.config.Required;
import java.util.List;

/** A name that stands for other models. */
public record AliasConfig(
        @Required @Length(min = 1, max = 256) @Description("What clients write as the model.")
                String name,
        @Required @Length(min = 1) @Description("The models it stands for.") List<Target> targets) {

    /** One of the models that an alias stands for. */
    public record Target(
            @Required @Length(min = 1, max = 256) @Description("The id of the model.") String model,
            @Default("1")
                    @Between(min = 0, max = 1_000_000)
                    @Description(
                            "Its share of the users, in proportion to the weights of the others. A"
                                    + " user stays with one target as long as the weights stay.")
                    int weight) {}
}
