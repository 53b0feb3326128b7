// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdStartInstance;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A worker's table of instances: which instance of the plugin server serves which plugin entity.
 * One request starts an instance, the others wait for it. Thread-safe.
 */
final class Instances {
    private static final class Slot {
        private final String plugin;
        private OptionalInt id = OptionalInt.empty();
        private long seq;
        private boolean claimed;

        private Slot(String plugin) {
            this.plugin = plugin;
        }
    }

    private final ConnectionPool pool;
    private final Sequences sequences;
    private final Duration claimTimeout;
    private final Map<String, Slot> slots = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    Instances(ConnectionPool pool, Sequences sequences, Duration claimTimeout) {
        this.pool = pool;
        this.sequences = sequences;
        this.claimTimeout = claimTimeout;
    }

    /** The instance for an entity, started if need be. */
    int idOf(PluginEntity entity) throws PluginServerFailure, InterruptedException {
        OptionalInt old;
        lock.lock();
        try {
            var slot = slots.computeIfAbsent(entity.id(), _ -> new Slot(entity.name()));
            awaitClaim(slot);
            if (slot.id.isPresent() && slot.seq == entity.seq()) {
                return slot.id.getAsInt();
            }
            old = slot.id;
            slot.claimed = true;
        } finally {
            lock.unlock();
        }
        int id = start(entity);
        if (old.isPresent()) {
            close(entity.name(), old.getAsInt());
        }
        return id;
    }

    /** Forgets all instances of a plugin. */
    void reset(String plugin) {
        lock.lock();
        try {
            slots.values().removeIf(slot -> slot.plugin.equals(plugin) && !slot.claimed);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all of them. */
    void forget() {
        lock.lock();
        try {
            slots.clear();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nobody is starting it. Who has waited for too long fails, but lets the others
     * have a claim that was never released, as recorded from Kong.
     */
    private void awaitClaim(Slot slot) throws PluginServerFailure, InterruptedException {
        long left = claimTimeout.toNanos();
        while (slot.claimed) {
            if (left <= 0) {
                slot.claimed = false;
                changed.signalAll();
                throw new PluginServerFailure("Could not claim instance_id for " + slot.plugin);
            }
            left = changed.awaitNanos(left);
        }
    }

    private int start(PluginEntity entity) throws PluginServerFailure {
        KongConnection connection;
        int id;
        try {
            connection = pool.take();
        } catch (PluginServerFailure e) {
            release(entity, OptionalInt.empty());
            throw e;
        }
        long sequence = sequences.next(entity.name());
        byte[] answer;
        try {
            connection.send(sequence, new CmdStartInstance(entity.name(), entity.startConfig()));
            answer = connection.receive();
        } catch (PluginServerFailure e) {
            connection.close();
            release(entity, OptionalInt.empty());
            throw new PluginServerFailure("starting instance: " + e.getMessage(), e);
        }
        try {
            id = KongConnection.statusOf(answer, sequence).instanceId();
        } catch (PluginServerFailure e) {
            connection.close(); // and the claim stays, as in Kong
            throw e;
        }
        pool.giveBack(connection);
        release(entity, OptionalInt.of(id));
        return id;
    }

    private void release(PluginEntity entity, OptionalInt id) {
        lock.lock();
        try {
            var slot = slots.computeIfAbsent(entity.id(), _ -> new Slot(entity.name()));
            slot.claimed = false;
            slot.id = id;
            slot.seq = entity.seq();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void close(String plugin, int id) {
        try {
            var connection = pool.take();
            try {
                long sequence = sequences.next(plugin);
                connection.send(sequence, new CmdCloseInstance(id));
                connection.receiveReturn(sequence);
                pool.giveBack(connection);
            } catch (PluginServerFailure e) {
                connection.close();
            }
        } catch (PluginServerFailure e) {
            // Kong does not mind: the new instance is there, the old one is the server's affair
        }
    }
}
