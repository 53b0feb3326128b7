// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A realm whose operator is the test. */
final class TestingRealm implements Realm {
    final List<RealmEvent> happened = new CopyOnWriteArrayList<>();
    final Map<String, User> users = new HashMap<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean down;

    void happens(Instant at, String resource, String operation, String path) {
        happens(at, resource, operation, path, false);
    }

    void happens(Instant at, String resource, String operation, String path, boolean isOurs) {
        var id = "event-" + happened.size();
        happened.add(new RealmEvent(id, at, resource, operation, path, isOurs));
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public List<RealmEvent> events(Instant from, int limit) {
        asked.incrementAndGet();
        if (down) {
            throw new IllegalStateException("the realm is down");
        }
        return happened.stream().filter(event -> !event.at().isBefore(from)).limit(limit).toList();
    }

    @Override
    public User user(String id) {
        if (down) {
            throw new IllegalStateException("the realm is down");
        }
        return users.getOrDefault(id, new User.Known(true, Set.of("user")));
    }
}
