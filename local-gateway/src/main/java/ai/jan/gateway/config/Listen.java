// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An address to listen on. */
public record Listen(String host, int port, boolean tls) {
    private static final Set<String> IGNORED =
            Set.of("reuseport", "deferred", "default_server", "so_keepalive=on");

    static List<Listen> all(KongConf conf, String key) {
        var all = new ArrayList<Listen>();
        if (conf.text(key).equals("off")) {
            return all;
        }
        for (var entry : conf.list(key)) {
            var words = entry.split("\\s+", -1);
            int colon = words[0].lastIndexOf(':');
            try {
                boolean tls = false;
                for (int i = 1; i < words.length; i++) {
                    if (words[i].equals("ssl")) {
                        tls = true;
                    } else if (!IGNORED.contains(words[i]) && !words[i].startsWith("backlog=")) {
                        conf.problems().add(key, "the stand-in does not support: " + words[i]);
                    }
                }
                all.add(
                        new Listen(
                                words[0].substring(0, Math.max(colon, 0)),
                                Integer.parseInt(words[0].substring(colon + 1)),
                                tls));
            } catch (NumberFormatException e) {
                conf.problems().add(key, "expected address:port, not: " + entry);
            }
        }
        return all;
    }

    boolean loopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return host + ":" + port + (tls ? " ssl" : "");
    }
}
