CREATE SCHEMA chat;
GRANT USAGE ON SCHEMA chat TO jan_llm_api;

-- Texts of JSON are kept as type json, not jsonb: what a client stored is given back as it was.
CREATE TABLE chat.conversations (
  id            text PRIMARY KEY,
  owner         text NOT NULL,
  title         text,
  metadata      json NOT NULL DEFAULT '{}',
  created_at    timestamptz NOT NULL DEFAULT now(),
  next_sequence bigint NOT NULL DEFAULT 1,
  locked_by     uuid,              -- the turn that is being written
  locked_until  timestamptz,       -- after which anybody may take the lock
  CHECK ((locked_by IS NULL) = (locked_until IS NULL))
);
CREATE INDEX conversations_page ON chat.conversations (owner, created_at, id);

CREATE TABLE chat.items (
  id         text PRIMARY KEY,
  owner      text NOT NULL,
  body       json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- An item may be in several conversations, and outlives them.
CREATE TABLE chat.conversation_items (
  conversation_id text NOT NULL REFERENCES chat.conversations ON DELETE CASCADE,
  sequence        bigint NOT NULL,
  item_id         text NOT NULL REFERENCES chat.items,
  PRIMARY KEY (conversation_id, sequence)
);
CREATE INDEX conversation_items_item ON chat.conversation_items (item_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON chat.conversations, chat.conversation_items TO jan_llm_api;
GRANT SELECT, INSERT, DELETE ON chat.items TO jan_llm_api;
