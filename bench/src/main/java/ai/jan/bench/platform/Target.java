// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where chats are asked for.
 *
 * @param name as results call it
 * @param url up to the path of OpenAI's API, such as {@code http://127.0.0.1:8000/v1}
 * @param model that is asked for there
 * @param headers of each request, such as a credential; may be new each time
 */
public record Target(String name, URI url, String model, Supplier<Map<String, String>> headers) {
    /** A target that wants no credential. */
    public static Target open(String name, URI url, String model) {
        return new Target(name, url, model, Map::of);
    }

    public static Target withKey(String name, URI url, String model, String apiKey) {
        var headers = Map.of("Authorization", "Bearer " + apiKey);
        return new Target(name, url, model, () -> headers);
    }

    /** A connection of its own. All targets are on this machine. */
    public Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }
}
