-- A project gives the conversations in it an instruction, which the model is told in every turn.
CREATE TABLE chat.projects (
  owner       text NOT NULL,
  id          text NOT NULL,
  name        text NOT NULL CHECK (char_length(name) <= 120),
  instruction text,
  is_archived boolean NOT NULL DEFAULT false,
  is_favorite boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, id),
  UNIQUE (owner, name)
);
CREATE INDEX projects_page ON chat.projects (owner, created_at, id);

-- The conversations of a project outlive it.
ALTER TABLE chat.conversations
  ADD COLUMN project_id text,
  ADD FOREIGN KEY (owner, project_id) REFERENCES chat.projects ON DELETE SET NULL (project_id);
CREATE INDEX conversations_project ON chat.conversations (owner, project_id, created_at, id)
  WHERE project_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON chat.projects TO jan_llm_api;
