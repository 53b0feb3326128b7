// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Addresses of hosts: literals, a hosts file read at start, then the system. Thread-safe. */
final class Resolver {
    private final Map<String, List<InetAddress>> hosts = new HashMap<>();

    Resolver(Path hostsFile) throws IOException {
        if (Files.exists(hostsFile)) {
            Files.readAllLines(hostsFile).forEach(this::hostsLine);
        }
    }

    private void hostsLine(String line) {
        int comment = line.indexOf('#');
        var words = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+", -1);
        if (words.length < 2) {
            return;
        }
        try {
            var address = InetAddress.ofLiteral(words[0]);
            for (int i = 1; i < words.length; i++) {
                hosts.computeIfAbsent(words[i].toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                        .add(address);
            }
        } catch (IllegalArgumentException e) {
            // an entry of some other kind, such as one with a zone
        }
    }

    /** The places a host stands for by itself, one after the other. */
    Peer.Choice choice(String host, int port) {
        var addresses = resolve(host);
        var turn = new AtomicInteger();
        return () ->
                addresses.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Peer(
                                        new InetSocketAddress(
                                                addresses.get(
                                                        turn.getAndIncrement() % addresses.size()),
                                                port),
                                        Optional.empty()));
    }

    /** The addresses, IPv4 ones first; none if the name is not known. */
    List<InetAddress> resolve(String host) {
        try {
            var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            var named = hosts.get(bare.toLowerCase(Locale.ROOT));
            var all = named == null ? List.of(InetAddress.getAllByName(bare)) : named;
            return all.stream()
                    .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                    .toList();
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
