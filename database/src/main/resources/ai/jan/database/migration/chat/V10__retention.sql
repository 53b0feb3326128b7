-- When something was last said in a conversation: those that nobody uses any more may be removed.
ALTER TABLE chat.conversations ADD COLUMN used_at timestamptz NOT NULL DEFAULT now();
UPDATE chat.conversations SET used_at = created_at;

CREATE INDEX conversations_used ON chat.conversations (used_at);
CREATE INDEX completions_age ON chat.completions (created_at);
CREATE INDEX responses_age ON chat.responses (created_at);
CREATE INDEX items_age ON chat.items (created_at);
