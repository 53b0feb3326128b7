-- What the identity provider says of the owners of API keys. A key has no more rights than its owner; of an owner who
-- is not here nothing is known, and the key has what it was made with.
CREATE TABLE identity.owners (
  subject text PRIMARY KEY,
  active  boolean NOT NULL,
  roles   text[] NOT NULL,
  read_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.owners TO jan_plugins;

-- Every node forgets the keys of an owner at once, as it does a key that has changed.
CREATE FUNCTION identity.owner_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('api_keys', encode(key_hash, 'hex')) FROM identity.api_keys
  WHERE owner = coalesce(NEW.subject, OLD.subject) AND revoked_at IS NULL;
  RETURN NULL;
END $$;

CREATE TRIGGER owner_known AFTER INSERT OR DELETE ON identity.owners
FOR EACH ROW EXECUTE FUNCTION identity.owner_changed();

CREATE TRIGGER owner_updated AFTER UPDATE ON identity.owners
FOR EACH ROW
WHEN ((OLD.active, OLD.roles) IS DISTINCT FROM (NEW.active, NEW.roles))
EXECUTE FUNCTION identity.owner_changed();
