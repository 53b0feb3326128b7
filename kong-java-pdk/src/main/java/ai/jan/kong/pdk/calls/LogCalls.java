// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Log;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.List;

record LogCalls(Calls calls, String plugin, Level level) implements Log {
    @Override
    public void alert(String message) {
        log(Level.ALERT, PdkMethods.LOG_ALERT, message);
    }

    @Override
    public void crit(String message) {
        log(Level.CRIT, PdkMethods.LOG_CRIT, message);
    }

    @Override
    public void err(String message) {
        log(Level.ERR, PdkMethods.LOG_ERR, message);
    }

    @Override
    public void warn(String message) {
        log(Level.WARN, PdkMethods.LOG_WARN, message);
    }

    @Override
    public void notice(String message) {
        log(Level.NOTICE, PdkMethods.LOG_NOTICE, message);
    }

    @Override
    public void info(String message) {
        log(Level.INFO, PdkMethods.LOG_INFO, message);
    }

    @Override
    public void debug(String message) {
        log(Level.DEBUG, PdkMethods.LOG_DEBUG, message);
    }

    @Override
    public void setSerializeValue(String key, Object value) {
        var method = PdkMethods.LOG_SET_SERIALIZE_VALUE;
        calls.tell(method, new Kv(key, Forms.transportable(method, value)));
    }

    @Override
    public Answer<String> serialize() {
        return calls.ask(PdkMethods.LOG_SERIALIZE);
    }

    private void log(Level lineLevel, PdkMethod<ListValue, Empty> method, String message) {
        if (lineLevel.compareTo(level) <= 0) {
            calls.tell(method, line(plugin, message));
        }
    }

    /** One line, so that what a client sent cannot look like a line of its own. */
    static ListValue line(String plugin, String message) {
        var text = "[" + plugin + "] " + message.replaceAll("[\\r\\n]+", " | ");
        return ListValue.of(List.of(text));
    }
}
