-- Icons and logos that applications bring for entries of the timeline, by their codes.
CREATE TABLE timeline_image (
  id {ID},
  kind {TEXT} NOT NULL,
  code {TEXT} NOT NULL,
  size {INT} NOT NULL,
  content {TEXT} NOT NULL
);
CREATE UNIQUE INDEX timeline_image_code ON timeline_image (kind, code);
CREATE INDEX timeline_image_content ON timeline_image (content);
