-- Chat completions that were made with "store": true.
CREATE TABLE chat.completions (
  owner      text NOT NULL,
  id         text NOT NULL,
  model      text NOT NULL,
  body       json NOT NULL,                 -- the answer, without its metadata
  messages   json NOT NULL,                 -- the array that was asked
  metadata   json NOT NULL DEFAULT '{}',
  pairs      text[] NOT NULL DEFAULT '{}',  -- of the metadata, each as JSON text, to be searched
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (owner, id)
);
CREATE INDEX completions_page ON chat.completions (owner, created_at, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON chat.completions TO jan_llm_api;
