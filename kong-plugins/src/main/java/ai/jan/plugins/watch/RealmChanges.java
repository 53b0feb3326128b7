// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.watch;

import ai.jan.plugins.keys.KeyOwners;
import ai.jan.plugins.revocation.Revocations;
import java.time.Instant;
import java.util.LinkedHashSet;

/**
 * What follows from an event in the realm: tokens that are worth more than a new one would be are
 * revoked, and the owners of API keys are looked at again. Doing it twice does no harm. Where it is
 * not clear whom a change is about, everybody needs a new token.
 */
final class RealmChanges {
    private static final String USERS = "users/";
    private static final String SESSIONS = "sessions/";
    private static final String DELETE = "DELETE";
    private static final String CREATE = "CREATE";
    private static final int OWNERS_AT_A_TIME = 20;

    private final Realm realm;
    private final Revocations revocations;
    private final KeyOwners owners;
    private final LinkedHashSet<String> dueOwners = new LinkedHashSet<>();

    RealmChanges(Realm realm, Revocations revocations, KeyOwners owners) {
        this.realm = realm;
        this.revocations = revocations;
        this.owners = owners;
    }

    void apply(RealmEvent event) {
        var path = event.path();
        switch (event.resource()) {
            case RealmEvent.LOGOUT -> revocations.session(path, end(event));
            case "USER_SESSION" -> {
                if (path.startsWith(SESSIONS) && event.operation().equals(DELETE)) {
                    revocations.session(path.substring(SESSIONS.length()), end(event));
                }
            }
            case "USER" -> {
                if (path.startsWith(USERS)) {
                    ofUser(event);
                }
            }
            case "REALM_ROLE_MAPPING", "GROUP_MEMBERSHIP" -> {
                if (path.startsWith(USERS)) {
                    ofRights(event);
                } else {
                    ofMany(event);
                }
            }
            case "REALM_ROLE", "GROUP" -> {
                if (!event.operation().equals(CREATE) || path.endsWith("/composites")) {
                    ofMany(event);
                }
            }
            case "REALM" -> {
                if (path.equals("logout-all")) {
                    revocations.everybody(event.at(), end(event));
                }
            }
            default -> {
                // is about nobody's rights
            }
        }
    }

    /** Has all owners of keys looked at, a few at a time: something may have been missed. */
    void lookAtOwners() {
        dueOwners.addAll(owners.all());
    }

    /** Looks at some of the owners that are due; says whether none is left. */
    boolean lookAtSome() {
        for (var i = 0; i < OWNERS_AT_A_TIME && !dueOwners.isEmpty(); i++) {
            var owner = dueOwners.getFirst();
            note(owner, realm.user(owner));
            dueOwners.removeFirst(); // only now: a failure is tried again
        }
        return dueOwners.isEmpty();
    }

    private void ofUser(RealmEvent event) {
        var id = user(event);
        if (event.path().endsWith("/logout")) {
            revoke(id, event);
        } else if (event.operation().equals(DELETE)) {
            revoke(id, event);
            owners.remove(id);
        } else if (event.operation().equals("UPDATE") && !event.isOurs()) {
            var user = realm.user(id);
            if (!(user instanceof Realm.User.Known(boolean enabled, _) && enabled)) {
                revoke(id, event);
            }
            note(id, user);
        }
    }

    private void ofRights(RealmEvent event) {
        if (event.isOurs()) {
            return; // whoever of us did it has revoked what was to be revoked
        }
        var id = user(event);
        if (event.operation().equals(DELETE)) {
            revoke(id, event);
        }
        if (owners.areKeysOf(id)) {
            note(id, realm.user(id));
        }
    }

    /** A role or a group changed, and with it the rights of all who have it. */
    private void ofMany(RealmEvent event) {
        if (!event.operation().equals(CREATE)) {
            revocations.everybody(event.at(), end(event));
        }
        lookAtOwners();
    }

    private void note(String id, Realm.User user) {
        switch (user) {
            case Realm.User.Known(var enabled, var roles) -> owners.note(id, enabled, roles);
            case Realm.User.Gone() -> {
                if (owners.isKnown(id)) { // else it may be an owner that Keycloak never had
                    owners.remove(id);
                }
            }
            case Realm.User.Hidden() -> {
                // nothing can be said
            }
        }
    }

    private void revoke(String id, RealmEvent event) {
        revocations.subject(id, event.at(), end(event));
    }

    private static Instant end(RealmEvent event) {
        return event.at().plus(Revocations.LONGEST_TOKEN);
    }

    /** Of a path such as {@code users/ID/logout}. */
    private static String user(RealmEvent event) {
        var rest = event.path().substring(USERS.length());
        var slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }
}
