/* rapport.timeline.list - the timeline of a card: what is planned, what is pinned, then what was, the newest first.
 *
 * A method of this server's own: the protocol has none that shows activities among comments and stages. It is a union of
 * three streams, each in the order of its ids (activity_binding, timeline_binding, stage_history), of which a page merges
 * the newest; `after` of the next page names where each of them stood. So nothing is written twice, and what may be read
 * with its card needs no rows of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/datetime.h"
#include "base/limits.h"
#include "crm/activity_family.h"
#include "crm/layout.h"
#include "crm/owner.h"
#include "crm/timeline.h"
#include "crm/timeline_file.h"
#include "model/arg.h"
#include "model/method.h"
#include "model/relation.h"

enum { ACTIVITY, ENTRY, STAGE, STREAMS };

struct item {
    int stream;
    int64_t id, time;
    bool pinned;
};

/* So many at most in one list of an answer, and one more to see whether there are more. */
#define MOST LIMIT_PAGE

struct items {
    struct item list[STREAMS * (MOST + 1)];
    size_t count;
};

struct args {
    int64_t type_id, owner_id, limit;
    const char *after;
};

struct timeline_view {
    struct request *req;
    const struct entity *owner;
    int64_t owner_id, limit;
    int64_t before[STREAMS]; /* ids below these; 0: from the newest */
    struct items planned, pinned, history;
};

/* ---- which ---- */

static enum api_rc collect(struct timeline_view *card, const char *sql, int stream,
                           struct items *items)
{
    struct db_stmt *stmt = db_prepare(card->req->db, sql);
    enum db_rc rc;
    db_bind_int(stmt, 1, card->owner->type_id);
    db_bind_int(stmt, 2, card->owner_id);
    db_bind_int(stmt, 3, card->limit + 1);
    db_bind_int(stmt, 4, card->before[stream] ? card->before[stream] : INT64_MAX);
    while ((rc = db_step(stmt)) == DB_ROW &&
           items->count < sizeof items->list / sizeof *items->list)
        items->list[items->count++] =
            (struct item){stream, db_int(stmt, 0), db_int(stmt, 1), db_int(stmt, 2) == 1};
    db_finish(stmt);
    return api_db(card->req, rc);
}

static const char *const history_sql[STREAMS] = {
    [ACTIVITY] =
        "SELECT b.activity_id, a.created, 0 FROM activity_binding b JOIN activity a ON a.id = "
        "b.activity_id WHERE b.owner_type_id = $1 AND b.owner_id = $2 AND b.planned = 0 AND "
        "b.activity_id < $4 ORDER BY b.activity_id DESC LIMIT $3",
    [ENTRY] =
        "SELECT b.entry_id, b.created, b.pinned FROM timeline_binding b WHERE b.owner_type_id = "
        "$1 AND b.owner_id = $2 AND b.entry_id < $4 ORDER BY b.entry_id DESC LIMIT $3",
    [STAGE] = "SELECT h.id, h.created_time, 0 FROM stage_history h WHERE h.owner_type_id = $1 AND "
              "h.owner_id = $2 AND h.id < $4 ORDER BY h.id DESC LIMIT $3",
};

/* The first of these is overdue the longest. */
static const char planned_sql[] =
    "SELECT b.activity_id, a.created, 0 FROM activity_binding b JOIN activity a ON a.id = "
    "b.activity_id WHERE b.owner_type_id = $1 AND b.owner_id = $2 AND b.planned = 1 AND "
    "b.activity_id < $4 ORDER BY coalesce(a.deadline, 9000000000000), b.activity_id LIMIT $3";
static const char pinned_sql[] =
    "SELECT b.entry_id, b.created, 1 FROM timeline_binding b WHERE b.owner_type_id = $1 AND "
    "b.owner_id = $2 AND b.pinned = 1 AND b.entry_id < $4 ORDER BY b.entry_id DESC LIMIT $3";

/* The newer one first; of one second what was told last, and a stage after what brought it. */
static bool is_before(const struct item *one, const struct item *other)
{
    return one->time != other->time ? one->time > other->time : one->stream < other->stream;
}

/* Each stream stays in the order of its ids, which `after` goes by: where a clock was set back, or a row came with a time of
 * its own, the order of times would pass over some. */
static void merge(const struct items *streams, struct items *merged)
{
    size_t at[STREAMS] = {0};
    for (;;) {
        int next = -1;
        for (int stream = 0; stream < STREAMS; stream++) {
            if (at[stream] < streams[stream].count &&
                (next < 0 ||
                 is_before(&streams[stream].list[at[stream]], &streams[next].list[at[next]])))
                next = stream;
        }
        if (next < 0)
            return;
        merged->list[merged->count++] = streams[next].list[at[next]++];
    }
}

static enum api_rc choose(struct timeline_view *card)
{
    bool first = !card->before[ACTIVITY] && !card->before[ENTRY] && !card->before[STAGE];
    struct items *streams = arena_zalloc(card->req->arena, STREAMS * sizeof *streams);
    enum api_rc rc = API_OK;
    for (int stream = 0; stream < STREAMS && rc == API_OK; stream++)
        rc = collect(card, history_sql[stream], stream, &streams[stream]);
    merge(streams, &card->history);
    if (rc == API_OK && first)
        rc = collect(card, planned_sql, ACTIVITY, &card->planned);
    if (rc == API_OK && first)
        rc = collect(card, pinned_sql, ENTRY, &card->pinned);
    return rc;
}

/* "17-4-0": the ids that the streams of the next page are below. */
static enum api_rc read_after(struct request *req, const char *text, int64_t *before)
{
    for (int stream = 0; text && *text && stream < STREAMS; stream++) {
        char *end;
        before[stream] = strtoll(text, &end, 10);
        bool last = stream == STREAMS - 1;
        if (end == text || before[stream] < 0 || *end != (last ? '\0' : '-'))
            return arg_mismatch(req, "after", "string");
        text = end + 1;
    }
    return API_OK;
}

static void write_after(struct timeline_view *card)
{
    int64_t before[STREAMS];
    char text[80];
    memcpy(before, card->before, sizeof before);
    for (size_t i = 0; i < (size_t)card->limit && i < card->history.count; i++)
        before[card->history.list[i].stream] = card->history.list[i].id;
    snprintf(text, sizeof text, "%lld-%lld-%lld", (long long)before[ACTIVITY],
             (long long)before[ENTRY], (long long)before[STAGE]);
    writer_keyz(card->req->out, "after");
    if (card->history.count > (size_t)card->limit)
        writer_stringz(card->req->out, text);
    else
        writer_null(card->req->out);
}

/* ---- what they are ---- */

struct loaded {
    struct relation_page *of[STREAMS], *files, *blocks, *notes[STREAMS];
};

static size_t ids_of(const struct timeline_view *card, int stream, int64_t *ids)
{
    const struct items *const lists[] = {&card->planned, &card->pinned, &card->history};
    size_t count = 0;
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
        for (size_t i = 0; i < lists[l]->count && i < (size_t)card->limit; i++) {
            if (lists[l]->list[i].stream == stream)
                ids[count++] = lists[l]->list[i].id;
        }
    }
    return count;
}

enum {
    A_TYPE,
    A_PROVIDER,
    A_PROVIDER_TYPE,
    A_SUBJECT,
    A_TEXT,
    A_DONE,
    A_DEADLINE,
    A_START,
    A_END,
    A_WHO,
    A_AUTHOR,
    A_DIRECTION,
    A_PRIORITY,
    A_APP,
    A_BADGE,
    A_LAYOUT,
    A_FILES,
    A_COLUMNS
};
enum { E_KIND, E_AUTHOR, E_APP, E_TITLE, E_TEXT, E_ICON, E_COLUMNS };
enum { S_TYPE, S_CATEGORY, S_STAGE, S_SEMANTIC, S_COLUMNS };
enum { N_TEXT, N_BY, N_COLUMNS };
enum { B_APP, B_LAYOUT, B_COLUMNS };

static enum api_rc load_notes(const struct timeline_view *card, int stream, const int64_t *ids,
                              size_t count, struct relation_page **page)
{
    const char *sql = arena_printf(card->req->arena,
                                   "SELECT n.item_id, n.text, n.updated_by FROM timeline_note n "
                                   "WHERE n.owner_type_id = %d AND "
                                   "n.owner_id = %lld AND n.item_type = %d AND n.item_id IN (",
                                   card->owner->type_id, (long long)card->owner_id,
                                   stream == ENTRY ? TIMELINE_ITEM_ENTRY : TIMELINE_ITEM_ACTIVITY);
    return relation_page_load(card->req, sql, "item_id", N_COLUMNS, ids, count, page);
}

static const char blocks_sql[] = "SELECT b.activity_id, b.app_id, b.layout FROM activity_block b "
                                 "WHERE b.activity_id IN (";

static enum api_rc load(const struct timeline_view *card, struct loaded *loaded)
{
    static const struct {
        const char *sql;
        size_t columns;
    } streams[STREAMS] = {
        {"SELECT a.id, a.type_id, a.provider_id, a.provider_type_id, a.subject, a.description, "
         "a.completed, a.deadline, a.start_time, a.end_time, a.responsible_id, a.author_id, "
         "a.direction, a.priority, p.app_id, p.badge_code, p.layout, (SELECT count(*) FROM "
         "activity_file f WHERE f.activity_id = a.id) FROM activity a LEFT JOIN activity_app p ON "
         "p.activity_id = a.id WHERE a.id IN (",
         A_COLUMNS},
        {"SELECT e.id, e.kind, e.author_id, e.app_id, e.title, e.text, e.icon FROM timeline_entry "
         "e "
         "WHERE e.id IN (",
         E_COLUMNS},
        {"SELECT h.id, h.type_id, h.category_id, h.stage_id, h.stage_semantic_id FROM "
         "stage_history "
         "h WHERE h.id IN (",
         S_COLUMNS}};
    enum api_rc rc = API_OK;
    for (int stream = 0; stream < STREAMS && rc == API_OK; stream++) {
        int64_t ids[3 * (MOST + 1)];
        size_t count = ids_of(card, stream, ids);
        if (!count)
            continue;
        rc = relation_page_load(card->req, streams[stream].sql, "id", streams[stream].columns, ids,
                                count, &loaded->of[stream]);
        if (rc == API_OK && stream != STAGE)
            rc = load_notes(card, stream, ids, count, &loaded->notes[stream]);
        if (rc == API_OK && stream == ENTRY)
            rc = timeline_files_load(card->req, ids, count, &loaded->files);
        if (rc == API_OK && stream == ACTIVITY)
            rc = relation_page_load(card->req, blocks_sql, "app_id", B_COLUMNS, ids, count,
                                    &loaded->blocks);
    }
    return rc;
}

/* ---- how they are told ---- */

static void write_time(struct request *req, const char *key, int64_t time)
{
    char text[40];
    writer_keyz(req->out, key);
    writer_string(req->out, text, datetime_format(req->zone, time, text));
}

static void write_time_of(struct request *req, const char *key, const struct relation_row *row,
                          size_t column)
{
    if (row->text[column] && *row->text[column]) {
        write_time(req, key, relation_int(row, column));
        return;
    }
    writer_keyz(req->out, key);
    writer_null(req->out);
}

static const char *text_of(const struct relation_row *row, size_t column)
{
    return row->text[column] ? row->text[column] : "";
}

/* Of each application that added some. */
static void write_blocks(struct request *req, struct relation_page *page, int64_t id)
{
    writer_keyz(req->out, "blocks");
    writer_begin_list(req->out);
    for (const struct relation_row *row = relation_page_first(page, id); row; row = row->next) {
        writer_begin_object(req->out);
        writer_number(req->out, "appId", relation_int(row, B_APP));
        writer_keyz(req->out, "layout");
        writer_raw(req->out, row->text[B_LAYOUT], strlen(row->text[B_LAYOUT]));
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
}

static void write_activity(struct request *req, const struct relation_row *row)
{
    struct writer *out = req->out;
    const char *layout = text_of(row, A_LAYOUT);
    writer_number(out, "typeId", relation_int(row, A_TYPE));
    writer_text(out, "providerId", text_of(row, A_PROVIDER));
    writer_text(out, "providerTypeId", text_of(row, A_PROVIDER_TYPE));
    writer_text(out, "title", text_of(row, A_SUBJECT));
    writer_text(out, "text", text_of(row, A_TEXT));
    writer_keyz(out, "completed");
    writer_bool(out, *text_of(row, A_DONE) == 'Y');
    write_time_of(req, "deadline", row, A_DEADLINE);
    write_time_of(req, "startTime", row, A_START);
    write_time_of(req, "endTime", row, A_END);
    writer_number(out, "responsibleId", relation_int(row, A_WHO));
    writer_number(out, "authorId", relation_int(row, A_AUTHOR));
    writer_number(out, "direction", relation_int(row, A_DIRECTION));
    writer_number(out, "priority", relation_int(row, A_PRIORITY));
    writer_number(out, "fileCount", relation_int(row, A_FILES));
    writer_number(out, "appId", row->text[A_APP] ? relation_int(row, A_APP) : 0);
    writer_text(out, "badgeCode", text_of(row, A_BADGE));
    writer_keyz(out, "layout");
    *layout ? writer_raw(out, layout, strlen(layout)) : writer_null(out);
}

static void write_entry(struct request *req, const struct relation_row *row, int64_t id,
                        struct relation_page *files)
{
    struct writer *out = req->out;
    writer_number(out, "authorId", relation_int(row, E_AUTHOR));
    writer_number(out, "appId", relation_int(row, E_APP));
    writer_text(out, "title", text_of(row, E_TITLE));
    writer_text(out, "text", text_of(row, E_TEXT));
    writer_text(out, "iconCode", text_of(row, E_ICON));
    writer_keyz(out, "files");
    timeline_files_write(req, files, id);
}

/* In the words of crm.stagehistory.list. */
static void write_stage(struct request *req, const struct relation_row *row)
{
    writer_number(req->out, "typeId", relation_int(row, S_TYPE));
    writer_number(req->out, "categoryId", relation_int(row, S_CATEGORY));
    writer_text(req->out, "stageId", text_of(row, S_STAGE));
    writer_text(req->out, "stageSemanticId", text_of(row, S_SEMANTIC));
}

static void write_note(struct request *req, struct relation_page *page, int64_t id)
{
    const struct relation_row *row = page ? relation_page_first(page, id) : NULL;
    writer_keyz(req->out, "note");
    if (!row) {
        writer_null(req->out);
        return;
    }
    writer_begin_object(req->out);
    writer_text(req->out, "text", text_of(row, N_TEXT));
    writer_number(req->out, "updatedById", relation_int(row, N_BY));
    writer_end_object(req->out);
}

static void write_item(const struct timeline_view *card, const struct item *item,
                       const struct loaded *loaded)
{
    struct request *req = card->req;
    const struct relation_row *row = relation_page_first(loaded->of[item->stream], item->id);
    if (!row) /* it went between the two looks of a read without a snapshot */
        return;
    const char *kind = item->stream == ACTIVITY ? "activity"
                       : item->stream == STAGE  ? "stage"
                                                : text_of(row, E_KIND);
    writer_begin_object(req->out);
    writer_text(req->out, "kind", kind);
    writer_number(req->out, "id", item->id);
    write_time(req, "created", item->time);
    writer_keyz(req->out, "pinned");
    writer_bool(req->out, item->pinned);
    write_note(req, loaded->notes[item->stream], item->id);
    if (item->stream == ACTIVITY) {
        write_activity(req, row);
        write_blocks(req, loaded->blocks, item->id);
    } else if (item->stream == ENTRY)
        write_entry(req, row, item->id, loaded->files);
    else
        write_stage(req, row);
    writer_end_object(req->out);
}

static void write_list(const struct timeline_view *card, const char *key, const struct items *items,
                       const struct loaded *loaded)
{
    writer_keyz(card->req->out, key);
    writer_begin_list(card->req->out);
    for (size_t i = 0; i < items->count && i < (size_t)card->limit; i++)
        write_item(card, &items->list[i], loaded);
    writer_end_list(card->req->out);
}

static enum api_rc timeline_list(struct request *req)
{
    const struct args *args = req->args;
    struct timeline_view *card = arena_zalloc(req->arena, sizeof *card);
    struct loaded loaded = {0};
    *card = (struct timeline_view){.req = req, .owner_id = args->owner_id, .limit = args->limit};
    if (card->limit <= 0 || card->limit > MOST)
        card->limit = MOST;
    enum api_rc rc = activity_owner_look(req, args->type_id, args->owner_id, ACCESS_READ);
    if (rc == API_OK)
        rc = read_after(req, args->after, card->before);
    if (rc != API_OK)
        return rc;
    card->owner = owner_entity(req, args->type_id);
    rc = choose(card);
    if (rc == API_OK)
        rc = load(card, &loaded);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    write_list(card, "planned", &card->planned, &loaded);
    write_list(card, "pinned", &card->pinned, &loaded);
    write_list(card, "history", &card->history, &loaded);
    write_after(card);
    writer_end_object(req->out);
    return API_OK;
}

static const struct param list_params[] = {
    {"entityTypeId", PARAM_INT, true, "Type of the card's row", BIND(struct args, type_id)},
    {"entityId", PARAM_INT, true, "Its id", BIND(struct args, owner_id)},
    {"limit", PARAM_INT, false, "So many at most, 50 at most", BIND(struct args, limit)},
    {"after", PARAM_STRING, false, "What the page before answered as `after`",
     BIND(struct args, after)},
    {0}};

static const struct param block_keys[] = {
    {"appId", PARAM_INT, true, "The application that added them"},
    {"layout", PARAM_ARRAY, true, "A RestAppLayoutDto", .schema = layout_schema_blocks},
    {0}};
static const struct param note_keys[] = {
    {"text", PARAM_STRING, true}, {"updatedById", PARAM_INT, true}, {0}};
static const struct param file_keys[] = {{"id", PARAM_INT, true},
                                         {"date", PARAM_DATETIME, true},
                                         {"type", PARAM_STRING, true, .one_of = "file|image"},
                                         {"name", PARAM_STRING, true},
                                         {"size", PARAM_INT, true},
                                         {"authorId", PARAM_INT, true},
                                         {"authorName", PARAM_STRING, true},
                                         {"urlPreview", PARAM_STRING},
                                         {"urlShow", PARAM_STRING, true},
                                         {"urlDownload", PARAM_STRING, true},
                                         {0}};
static const struct param files_keys[] = {{"*", PARAM_ARRAY, .keys = file_keys}, {0}};
/* Those of all kinds in one: `kind` says which are there. */
static const struct param item_keys[] = {
    {"kind", PARAM_STRING, true, "activity, stage, or what the entry is: comment, log ..."},
    {"id", PARAM_INT, true, "Of the activity, the entry, the record of crm.stagehistory.list"},
    {"created", PARAM_DATETIME, true},
    {"pinned", PARAM_BOOL, true},
    {"note", PARAM_ARRAY, true, .keys = note_keys, .null = true},
    {"title", PARAM_STRING},
    {"text", PARAM_STRING},
    {"authorId", PARAM_INT},
    {"appId", PARAM_INT},
    {"providerId", PARAM_STRING, false, "Of an activity, as what follows"},
    {"providerTypeId", PARAM_STRING},
    {"completed", PARAM_BOOL},
    {"deadline", PARAM_DATETIME, .null = true},
    {"startTime", PARAM_DATETIME, .null = true},
    {"endTime", PARAM_DATETIME, .null = true},
    {"responsibleId", PARAM_INT},
    {"direction", PARAM_INT},
    {"priority", PARAM_INT},
    {"fileCount", PARAM_INT},
    {"badgeCode", PARAM_STRING},
    {"layout", PARAM_ANY,
     .summary = "A LayoutDto, as crm.activity.configurable.get has it; or null"},
    {"blocks", PARAM_LIST, .keys = block_keys},
    {"iconCode", PARAM_STRING, false, "Of an entry, as what follows"},
    {"files", PARAM_ARRAY, .keys = files_keys},
    {"typeId", PARAM_INT, false, "Of an activity, or of a record of stages"},
    {"categoryId", PARAM_INT, false, "Of a record of stages, as what follows"},
    {"stageId", PARAM_STRING},
    {"stageSemanticId", PARAM_STRING},
    {0}};
static const struct param list_shown[] = {
    {"planned", PARAM_LIST, true, "Activities that are not completed, the oldest deadline first",
     .keys = item_keys},
    {"pinned", PARAM_LIST, true, "Entries that are pinned", .keys = item_keys},
    {"history", PARAM_LIST, true, "Everything else, the newest first", .keys = item_keys},
    {"after", PARAM_STRING, true, "For the next page; null: there is none", .null = true},
    {0}};

static const struct method methods[] = {
    {.name = "rapport.timeline.list",
     .summary = "List what stands in the timeline of a card, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .binds = true,
     TAKES(struct args, list_params),
     .gives = list_shown,
     .handle = timeline_list},
};

MODULE(rapport_timeline, METHODS(methods));
