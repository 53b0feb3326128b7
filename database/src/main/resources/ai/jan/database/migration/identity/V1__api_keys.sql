-- Nobody gets anything by being able to connect: every process has a login role with listed grants.
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO jan_plugins, jan_llm_api', current_database());
END $$;

-- So that a process can see which version the database has.
GRANT USAGE ON SCHEMA migration TO jan_plugins, jan_llm_api;
GRANT SELECT ON migration.history TO jan_plugins, jan_llm_api;

CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO jan_plugins;

CREATE TABLE identity.api_keys (
  id           uuid PRIMARY KEY,
  key_hash     bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),  -- HMAC-SHA-256 with the pepper
  prefix       text NOT NULL,                                              -- shown to people: sk_live_ab
  suffix       text NOT NULL,                                              -- and the last characters
  owner        text NOT NULL,                                              -- Keycloak's sub
  name         text NOT NULL,
  plan         text NOT NULL,
  scopes       text[] NOT NULL DEFAULT '{}',
  roles        text[] NOT NULL DEFAULT '{}',
  team         text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_keys_owner ON identity.api_keys (owner, created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.api_keys TO jan_plugins;

-- Every node forgets a key at once when what it may do changes. The payload is the hash in hex.
CREATE FUNCTION identity.api_key_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('api_keys', encode(OLD.key_hash, 'hex'));
  RETURN NULL;
END $$;

CREATE TRIGGER api_key_deleted AFTER DELETE ON identity.api_keys
FOR EACH ROW EXECUTE FUNCTION identity.api_key_changed();

-- Not for last_used_at: that is written all the time.
CREATE TRIGGER api_key_updated AFTER UPDATE ON identity.api_keys
FOR EACH ROW
WHEN ((OLD.key_hash, OLD.owner, OLD.plan, OLD.scopes, OLD.roles, OLD.team, OLD.expires_at, OLD.revoked_at)
  IS DISTINCT FROM
      (NEW.key_hash, NEW.owner, NEW.plan, NEW.scopes, NEW.roles, NEW.team, NEW.expires_at, NEW.revoked_at))
EXECUTE FUNCTION identity.api_key_changed();
