// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Ip;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.function.Function;

record IpCalls(Calls calls) implements Ip {
    @Override
    public Answer<Boolean> isTrusted(String address) {
        return calls.ask(PdkMethods.IP_IS_TRUSTED, address, Function.identity());
    }
}
