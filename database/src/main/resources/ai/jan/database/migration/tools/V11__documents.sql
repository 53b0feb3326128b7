DO $$ BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO jan_mcp_tools', current_database());
END $$;
GRANT USAGE ON SCHEMA migration TO jan_mcp_tools;
GRANT SELECT ON migration.history TO jan_mcp_tools;

CREATE SCHEMA tools;
GRANT USAGE ON SCHEMA tools TO jan_mcp_tools;

-- What users gave to the tool file_search_index, to be found again by themselves alone.
CREATE TABLE tools.documents (
  owner       text NOT NULL,                    -- Keycloak's sub
  id          text NOT NULL,                    -- the owner's name for it
  tags        text[] NOT NULL DEFAULT '{}',
  metadata    json NOT NULL DEFAULT '{}',
  token_count integer NOT NULL,
  chunk_count integer NOT NULL,
  model       text NOT NULL,                    -- whose vectors its chunks have
  indexed_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, id)
);

-- The owner is one of the words, so that the index finds the words of one owner among everybody's.
CREATE TABLE tools.chunks (
  owner       text NOT NULL,
  document_id text NOT NULL,
  ordinal     integer NOT NULL,
  text        text NOT NULL,
  vector      bytea NOT NULL,                   -- a signed byte per dimension, of length 127
  words       tsvector NOT NULL GENERATED ALWAYS AS
                (to_tsvector('english', text) || array_to_tsvector(ARRAY['owner:' || md5(owner)])) STORED,
  PRIMARY KEY (owner, document_id, ordinal),
  FOREIGN KEY (owner, document_id) REFERENCES tools.documents ON DELETE CASCADE
);
CREATE INDEX chunks_words ON tools.chunks USING gin (words) WITH (fastupdate = off);

GRANT SELECT, INSERT, UPDATE, DELETE ON tools.documents TO jan_mcp_tools;
GRANT SELECT, INSERT, DELETE ON tools.chunks TO jan_mcp_tools;
