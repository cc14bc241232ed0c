-- What applications add to activities: types of their own, badges, layouts, sets of content blocks.
CREATE TABLE activity_type (
  id {ID},
  app_id {INT} NOT NULL,
  type_id {TEXT} NOT NULL,
  name {TEXT} NOT NULL,
  is_configurable {TEXT} NOT NULL DEFAULT 'N',
  icon_name {TEXT},
  icon_size {INT},
  icon {TEXT}
);
CREATE UNIQUE INDEX activity_type_app ON activity_type (app_id, type_id);
CREATE INDEX activity_type_icon ON activity_type (icon) WHERE icon IS NOT NULL;

-- Titles and values are JSON: a text, or texts by language.
CREATE TABLE activity_badge (
  id {ID},
  code {TEXT} NOT NULL,
  title {TEXT} NOT NULL,
  value {TEXT} NOT NULL,
  type {TEXT} NOT NULL
);
CREATE UNIQUE INDEX activity_badge_code ON activity_badge (code);

-- Beside the row of an activity that an application made: whose it is, and for a configurable one how
-- it looks.
CREATE TABLE activity_app (
  activity_id {INT} PRIMARY KEY,
  app_id {INT} NOT NULL,
  badge_code {TEXT},
  layout {TEXT}
);

-- Sets of content blocks, one for each application that enriched the activity.
CREATE TABLE activity_block (
  id {ID},
  activity_id {INT} NOT NULL,
  app_id {INT} NOT NULL,
  layout {TEXT} NOT NULL
);
CREATE UNIQUE INDEX activity_block_app ON activity_block (activity_id, app_id);
CREATE INDEX activity_block_of_app ON activity_block (app_id);

-- What was said in a call.
CREATE TABLE activity_transcript (
  activity_id {INT} PRIMARY KEY,
  text {TEXT} NOT NULL
);
