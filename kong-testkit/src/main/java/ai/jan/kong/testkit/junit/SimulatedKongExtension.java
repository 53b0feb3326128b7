// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.junit;

import ai.jan.kong.testkit.simulated.SimulatedKong;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test method a fresh {@link SimulatedKong.Builder} for a parameter of that type; bodies
 * that do not fit into memory go to a folder of the test, which is removed after it.
 */
public final class SimulatedKongExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SimulatedKongExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == SimulatedKong.Builder.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        var folder =
                test.getStore(NAMESPACE)
                        .getOrComputeIfAbsent(
                                BodiesFolder.class, _ -> BodiesFolder.create(), BodiesFolder.class);
        return SimulatedKong.builder().bodiesIn(folder.path());
    }
}
