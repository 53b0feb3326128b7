// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.platform.Target;
import java.util.ArrayList;
import java.util.List;

/** Clients that ask once each, for something of their own, and may leave before the answer. */
public final class Crowd {
    private final Clients clients;
    private final Target target;
    private final Seen seen = new Seen();
    private final List<Connection> connections = new ArrayList<>();

    public Crowd(Clients clients, Target target) {
        this.clients = clients;
        this.target = target;
    }

    /** Another client asks. */
    public void ask(Request request, Pace pace) {
        var connection =
                new Connection(clients, target, request, request.body(target), seen, pace, _ -> {});
        connections.add(connection);
        connection.ask(System.nanoTime());
    }

    /** What all of them see. */
    public Seen seen() {
        return seen;
    }

    /** How many wait for their answer or for the rest of it. */
    public long asking() {
        return connections.stream().filter(Connection::isAsking).count();
    }

    /** How many have got a token. */
    public long withToken() {
        return connections.stream().filter(Connection::hasToken).count();
    }

    /**
     * All leave, one after the other, as fast as that goes.
     *
     * @return when each did, by {@link System#nanoTime}, in the order in which they came
     */
    public List<Long> leave() {
        var moments = new ArrayList<Long>();
        for (var connection : connections) {
            moments.add(System.nanoTime());
            connection.close();
        }
        return moments;
    }
}
