// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Service;
import ai.jan.kong.pdk.ServiceRequest;
import ai.jan.kong.pdk.ServiceResponse;
import ai.jan.kong.pdk.message.Target;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.function.Function;

record ServiceCalls(Calls calls, ServiceRequest request, ServiceResponse response)
        implements Service {
    ServiceCalls(Calls calls) {
        this(calls, new ServiceRequestCalls(calls), new ServiceResponseCalls(calls));
    }

    @Override
    public Answer<Boolean> setUpstream(String host) {
        return calls.ask(PdkMethods.SERVICE_SET_UPSTREAM, host, Function.identity());
    }

    @Override
    public void setTarget(String host, int port) {
        calls.tell(PdkMethods.SERVICE_SET_TARGET, new Target(host, port));
    }
}
