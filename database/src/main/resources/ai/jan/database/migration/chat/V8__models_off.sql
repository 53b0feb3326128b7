-- Models that an administrator has switched off, for all processes.
CREATE TABLE chat.models_off (
  model text PRIMARY KEY CHECK (length(model) <= 1000),
  by_subject text NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, DELETE ON chat.models_off TO jan_llm_api;
