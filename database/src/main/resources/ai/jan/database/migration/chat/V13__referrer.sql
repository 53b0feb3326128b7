-- What the client that began a conversation calls itself.
ALTER TABLE chat.conversations ADD COLUMN referrer text;
