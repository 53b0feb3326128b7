-- Which node follows what operators change in Keycloak's realm, and how far it is.
CREATE TABLE identity.realm_watch (
  realm       text PRIMARY KEY,
  holder      uuid NOT NULL,         -- the node whose turn it is, until held_until
  held_until  timestamptz NOT NULL,
  seen        timestamptz NOT NULL,  -- the last event that took effect, by Keycloak's clock
  owners_seen timestamptz            -- when all owners of API keys were looked at last
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON identity.realm_watch TO jan_plugins;

ALTER TABLE identity.revocations DROP CONSTRAINT revocations_kind_check;
ALTER TABLE identity.revocations ADD CONSTRAINT revocations_kind_check
  CHECK (kind IN ('session', 'subject', 'everybody'));
