// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.platform.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Clients that ask the same of the same target. */
final class Group {
    private final Clients clients;
    private final Load load;
    private final Duration duration;
    private final Seen seen = new Seen();
    private final List<Connection> connections = new ArrayList<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private long begun;
    private long arrived;
    private boolean isComplete;

    Group(Clients clients, Load load, Target target, Request request, Duration duration) {
        this.clients = clients;
        this.load = load;
        this.duration = duration;
        var body = request.body(target);
        for (int i = 0; i < load.clients(); i++) {
            connections.add(
                    new Connection(clients, target, request, body, seen, Pace.FULL, this::isFree));
        }
    }

    Seen seen() {
        return seen;
    }

    void begin() {
        begun = System.nanoTime();
        switch (load) {
            case Load.Closed _ -> connections.forEach(connection -> connection.ask(begun));
            case Load.Open(double perSecond, int _) -> {
                idle.addAll(connections);
                expect(perSecond);
            }
        }
    }

    /** Whether all is answered that was to be asked; closes the connections then. */
    boolean isOver() {
        boolean over = isComplete && idle.size() == connections.size();
        if (over) {
            connections.forEach(Connection::close);
        }
        return over;
    }

    void checkSilence(long now) {
        connections.forEach(connection -> connection.checkSilence(now));
    }

    private void expect(double perSecond) {
        long due = begun + (long) (arrived * 1e9 / perSecond);
        if (due - end() >= 0) {
            isComplete = true;
            return;
        }
        arrived++;
        clients.loop()
                .at(
                        due,
                        () -> {
                            var client = idle.poll();
                            if (client == null) {
                                waiting.add(due);
                            } else {
                                client.ask(due);
                            }
                            expect(perSecond);
                        });
    }

    private void isFree(Connection client) {
        var due = waiting.poll();
        if (due != null) {
            client.ask(due);
        } else if (load instanceof Load.Closed && System.nanoTime() - end() < 0) {
            client.ask(System.nanoTime());
        } else {
            isComplete |= load instanceof Load.Closed;
            idle.push(client);
        }
    }

    private long end() {
        return begun + duration.toNanos();
    }
}
