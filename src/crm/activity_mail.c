/* E-mail activities that are really sent: TYPE_ID 4, DIRECTION 2 and COMPLETED Y together, on add, as
 * the tutorial how-to-send-email tells. The row goes into the outbox in the activity's transaction;
 * send/mailer hands it to the relay. Without a relay the same is checked and nothing sent. An activity whose
 * e-mail cannot be sent stays, as the tutorial says of portals. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mail_address.h"
#include "crm/activity_mail.h"
#include "crm/activity_parts.h"
#include "portal/portal.h"

/* A text of SETTINGS, "" when it is not there; a list reads as in PHP. */
static const char *setting(struct change *change, const char *name)
{
    const struct cell *cell = change_cell(change, "SETTINGS");
    struct request *req = change->req;
    if (cell->null || !cell->len)
        return "";
    const struct value *settings = json_parse_own(req->arena, cell->text, cell->len);
    const struct value *value = settings ? value_get(settings, name) : NULL;
    size_t len;
    if (value_is_empty(value))
        return "";
    return value_is_array(value) ? "Array" : value_to_text(req->arena, value, &len);
}

/* SETTINGS[MESSAGE_FROM], or the responsible person's own name and address. Without a relay nobody is asked
 * for the latter. */
static enum api_rc find_sender(struct change *change, const char **sender)
{
    struct request *req = change->req;
    *sender = setting(change, "MESSAGE_FROM");
    if (**sender || !req->portal->smtp)
        return API_OK;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT name, last_name, email FROM member WHERE id = $1");
    db_bind_int(stmt, 1, change_cell(change, "RESPONSIBLE_ID")->integer);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW && *db_text(stmt, 2, NULL))
        *sender = arena_printf(req->arena, "%s %s <%s>", db_text(stmt, 0, NULL),
                               db_text(stmt, 1, NULL), db_text(stmt, 2, NULL));
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc queue(struct change *change, const struct relation *relation, void *slot)
{
    struct request *req = change->req;
    const struct communication *list = communications_of(change);
    (void)relation, (void)slot;
    const char *sender;
    size_t recipients = 0;
    if (!mail_wanted(change))
        return API_OK;
    enum api_rc rc = find_sender(change, &sender);
    if (rc != API_OK)
        return rc;
    if (!*sender && req->portal->smtp)
        return api_keep_text(req, "Email send error. \"From\" is not found");
    bool valid = !*sender || mail_address(req->arena, sender);
    for (; list; list = list->next) {
        if (!*list->value)
            continue;
        valid = valid && mail_address(req->arena, list->value);
        recipients++;
    }
    if (!valid)
        return api_keep_text(req, "Email send error. Invalid email is specified");
    if (!recipients)
        return api_keep_text(req, "Email send error. \"To\" is not found");
    if (!req->portal->smtp)
        return API_OK;
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO mail_outbox (activity_id, sender, copy_to_sender, "
                            "created, due) VALUES ($1, $2, $3, $4, $5)");
    db_bind_int(stmt, 1, change->id);
    db_bind_textz(stmt, 2, sender);
    db_bind_int(stmt, 3, setting(change, "DISABLE_SENDING_MESSAGE_COPY")[0] != 'Y');
    db_bind_int(stmt, 4, (int64_t)req->now);
    db_bind_int(stmt, 5, (int64_t)req->now);
    return api_db(req, db_run(stmt));
}

static enum api_rc withdraw(struct request *req, const struct entity *entity,
                            const struct relation *relation, int64_t activity_id)
{
    return req->portal->smtp ? relation_remove_owned(req, entity, relation, activity_id) : API_OK;
}

const struct relation activity_mails = {
    .kind = &(const struct relation_kind){.store = queue, .remove = withdraw},
    .name = "mail",
    .table = "mail_outbox",
    .own = "activity_id"};
