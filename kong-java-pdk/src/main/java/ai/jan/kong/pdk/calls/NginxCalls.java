// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Nginx;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Optional;

record NginxCalls(Calls calls) implements Nginx {
    @Override
    public Answer<Optional<String>> getVar(String name) {
        return calls.ask(PdkMethods.NGINX_GET_VAR, name, Forms::text);
    }

    @Override
    public Answer<Optional<Object>> getCtx(String key) {
        return calls.ask(PdkMethods.NGINX_GET_CTX, key, Forms::java);
    }
}
