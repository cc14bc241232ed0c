-- Which stages rows went through, and when. type_id: 1 made, 2 moved, 3 moved to a final stage, 5 moved to another funnel.
-- Rows that were there before have no history.
CREATE TABLE stage_history (
  id {ID},
  owner_type_id {INT} NOT NULL,
  owner_id {INT} NOT NULL,
  type_id {INT} NOT NULL,
  created_time {INT} NOT NULL,
  category_id {INT} NOT NULL,
  stage_id {TEXT} NOT NULL,
  stage_semantic_id {TEXT} NOT NULL
);
CREATE INDEX stage_history_owner ON stage_history (owner_type_id, owner_id, id);
CREATE INDEX stage_history_type ON stage_history (owner_type_id, id);
