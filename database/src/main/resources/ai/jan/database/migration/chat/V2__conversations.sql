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

-- Ids are unique per owner: one that a client brings along says nothing about other people's items.
CREATE TABLE chat.items (
  owner      text NOT NULL,
  id         text NOT NULL,
  body       json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, id)
);

-- An item may be in several conversations, and outlives them.
CREATE TABLE chat.conversation_items (
  conversation_id text NOT NULL REFERENCES chat.conversations ON DELETE CASCADE,
  sequence        bigint NOT NULL,
  owner           text NOT NULL,
  item_id         text NOT NULL,
  PRIMARY KEY (conversation_id, sequence),
  FOREIGN KEY (owner, item_id) REFERENCES chat.items
);
CREATE INDEX conversation_items_item ON chat.conversation_items (owner, item_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON chat.conversations, chat.conversation_items TO jan_llm_api;
GRANT SELECT, INSERT, DELETE ON chat.items TO jan_llm_api;
