-- Access tokens that are refused although their signature and time are good. A row outlives the last token it is about.
CREATE TABLE identity.revocations (
  kind          text NOT NULL CHECK (kind IN ('session', 'subject')),
  value         text NOT NULL CHECK (octet_length(value) BETWEEN 1 AND 512),  -- the token's sid or sub
  issued_before timestamptz NOT NULL,  -- of a subject only older tokens; of a session all
  expires_at    timestamptz NOT NULL,
  recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (kind, value)
);
CREATE INDEX revocations_recorded ON identity.revocations (recorded_at);
CREATE INDEX revocations_expired ON identity.revocations (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.revocations TO jan_plugins;

-- Every node hears of it at once. Times in milliseconds since 1970, rounded so that nothing is let in by it.
CREATE FUNCTION identity.token_revoked() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('revocations', json_build_object(
    'kind', NEW.kind,
    'value', NEW.value,
    'issued_before', ceil(extract(epoch FROM NEW.issued_before) * 1000)::bigint,
    'expires_at', ceil(extract(epoch FROM NEW.expires_at) * 1000)::bigint)::text);
  RETURN NULL;
END $$;

CREATE TRIGGER token_revoked AFTER INSERT OR UPDATE ON identity.revocations
FOR EACH ROW EXECUTE FUNCTION identity.token_revoked();
