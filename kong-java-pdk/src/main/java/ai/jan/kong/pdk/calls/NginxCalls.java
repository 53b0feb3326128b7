// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Nginx;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Optional;
import java.util.function.Function;

record NginxCalls(Calls calls) implements Nginx {
    @Override
    public Answer<Optional<String>> getVar(String name) {
        return calls.ask(PdkMethods.NGINX_GET_VAR, name, Forms::text);
    }

    @Override
    public Answer<Optional<Object>> getCtx(String key) {
        return calls.ask(PdkMethods.NGINX_GET_CTX, key, Forms::java);
    }

    @Override
    public void setCtx(String key, Object value) {
        var method = PdkMethods.NGINX_SET_CTX;
        // Its result is a string, which is always empty.
        calls.ask(method, new Kv(key, Forms.transportable(method, value)), Function.identity());
    }

    @Override
    public Answer<Optional<String>> getTls1VersionStr() {
        return calls.ask(PdkMethods.NGINX_GET_TLS1_VERSION_STR, Forms::text);
    }

    @Override
    public Answer<Double> reqStartTime() {
        return calls.ask(PdkMethods.NGINX_REQ_START_TIME);
    }

    @Override
    public Answer<String> getSubsystem() {
        return calls.ask(PdkMethods.NGINX_GET_SUBSYSTEM);
    }
}
