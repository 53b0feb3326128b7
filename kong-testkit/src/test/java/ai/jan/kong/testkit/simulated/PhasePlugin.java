// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;

/** Does one thing in each of its phases. */
class PhasePlugin implements Plugin {
    /** What is done. */
    @FunctionalInterface
    interface Action {
        void run(Kong kong) throws Exception;
    }

    private final Action action;

    private PhasePlugin(Action action) {
        this.action = action;
    }

    static Plugin inRewrite(Action action) {
        return new PhasePlugin(action) {
            @Override
            public void rewrite(Kong kong) throws Exception {
                run(kong);
            }
        };
    }

    static Plugin inAccess(Action action) {
        return new PhasePlugin(action) {
            @Override
            public void access(Kong kong) throws Exception {
                run(kong);
            }
        };
    }

    static Plugin inResponse(Action action) {
        return new PhasePlugin(action) {
            @Override
            public void response(Kong kong) throws Exception {
                run(kong);
            }
        };
    }

    static Plugin inLog(Action action) {
        return new PhasePlugin(action) {
            @Override
            public void log(Kong kong) throws Exception {
                run(kong);
            }
        };
    }

    void run(Kong kong) throws Exception {
        action.run(kong);
    }
}
