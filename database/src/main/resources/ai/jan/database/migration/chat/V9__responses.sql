-- Responses, and the items that went in and came out. An item is kept once, whoever refers to it.
CREATE TABLE chat.responses (
  owner              text NOT NULL,
  id                 text NOT NULL,
  body               json,      -- none when it was deleted: what came after it still needs its items
  previous_id        text,      -- the response that it continues
  conversation_id    text,      -- the conversation it was part of …
  conversation_until bigint,    -- … of which it saw the items with smaller numbers
  created_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (owner, id),
  CHECK (previous_id IS NULL OR conversation_id IS NULL)
);
CREATE INDEX responses_previous ON chat.responses (owner, previous_id) WHERE previous_id IS NOT NULL;

CREATE TABLE chat.response_items (
  owner       text NOT NULL,
  response_id text NOT NULL,
  position    integer NOT NULL,
  is_output   boolean NOT NULL,
  item_id     text NOT NULL,
  PRIMARY KEY (owner, response_id, position),
  FOREIGN KEY (owner, response_id) REFERENCES chat.responses ON DELETE CASCADE,
  FOREIGN KEY (owner, item_id) REFERENCES chat.items
);
CREATE INDEX response_items_item ON chat.response_items (owner, item_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON chat.responses, chat.response_items TO jan_llm_api;
