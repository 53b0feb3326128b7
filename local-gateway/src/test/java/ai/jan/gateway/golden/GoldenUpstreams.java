// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import ai.jan.gateway.TestingUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The services of the recordings, on free ports: up1 to up5, a port where nobody listens, and one
 * that never accepts. Texts of the recordings name the ports 29001 to 29009.
 */
final class GoldenUpstreams implements AutoCloseable {
    private final List<TestingUpstream> upstreams = new ArrayList<>();
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();
    private final ServerSocket full;
    private final List<Socket> fillers = new ArrayList<>();

    GoldenUpstreams() throws IOException {
        for (int i = 1; i <= 5; i++) {
            var upstream = TestingUpstream.start("up" + i, 0);
            upstreams.add(upstream);
            ports.put(29_000 + i, upstream.port());
        }
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports.put(29_008, closed.getLocalPort());
        }
        full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ports.put(29_009, full.getLocalPort());
        for (int i = 0; i < 4; i++) {
            var filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(
                        new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 50);
            } catch (IOException e) {
                break; // the queue is full, which is what it is for
            }
        }
    }

    /** A text of the recordings with the ports in use. */
    String outgoing(String text) {
        var result = text;
        for (var port : ports.entrySet()) {
            result = replace(result, port.getKey(), port.getValue().toString());
        }
        return result;
    }

    /** A text that was observed, with the ports of the recordings. */
    String incoming(String text) {
        var result = text;
        for (var port : ports.entrySet()) {
            result = replace(result, port.getValue(), port.getKey().toString());
        }
        return result;
    }

    static String replace(String text, int port, String by) {
        return text.replaceAll("(?<!\\d)" + port + "(?!\\d)", by);
    }

    /** What an upstream answers to health checks from now on. */
    void health(String name, int status) {
        upstreams.get(name.charAt(2) - '1').health(status);
    }

    List<TestingUpstream.Seen> take() {
        var all = new ArrayList<TestingUpstream.Seen>();
        upstreams.forEach(upstream -> all.addAll(upstream.take()));
        return all;
    }

    void dropIdle() throws IOException, InterruptedException {
        for (var upstream : upstreams) {
            upstream.dropIdle();
        }
        Thread.sleep(20);
    }

    @Override
    public void close() throws IOException {
        for (var upstream : upstreams) {
            upstream.close();
        }
        for (var filler : fillers) {
            filler.close();
        }
        full.close();
    }
}
