-- Dates without a time (birthdays, a deal's beginning and end) were instants: midnight in the portal's zone, wrong
-- where its offset changed. Now they are days since 1970-01-01. Which day an instant was only the zone tells, so
-- crm/schema_step.c fills this table between the lines.
CREATE TABLE day_of_instant (instant {INT} PRIMARY KEY, day {INT} NOT NULL);
INSERT INTO day_of_instant (instant, day) SELECT birthdate, 0 FROM lead WHERE birthdate IS NOT NULL UNION
SELECT birthdate, 0 FROM contact WHERE birthdate IS NOT NULL UNION
SELECT begindate, 0 FROM deal WHERE begindate IS NOT NULL UNION
SELECT closedate, 0 FROM deal WHERE closedate IS NOT NULL UNION
SELECT personal_birthday, 0 FROM member WHERE personal_birthday IS NOT NULL UNION
SELECT uf_employment_date, 0 FROM member WHERE uf_employment_date IS NOT NULL;
@step days_of_instants
UPDATE lead SET birthdate = (SELECT d.day FROM day_of_instant d WHERE d.instant = birthdate) WHERE birthdate IS NOT NULL;
UPDATE contact SET birthdate = (SELECT d.day FROM day_of_instant d WHERE d.instant = birthdate) WHERE birthdate IS NOT NULL;
UPDATE deal SET begindate = (SELECT d.day FROM day_of_instant d WHERE d.instant = begindate), closedate = (SELECT d.day FROM day_of_instant d WHERE d.instant = closedate) WHERE begindate IS NOT NULL OR closedate IS NOT NULL;
UPDATE member SET personal_birthday = (SELECT d.day FROM day_of_instant d WHERE d.instant = personal_birthday), uf_employment_date = (SELECT d.day FROM day_of_instant d WHERE d.instant = uf_employment_date) WHERE personal_birthday IS NOT NULL OR uf_employment_date IS NOT NULL;
DROP TABLE day_of_instant;
