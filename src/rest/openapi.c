#include "rest/openapi.h"

#include <stdio.h>
#include <string.h>

#include "model/catalog.h"
#include "model/dialect.h"
#include "model/method.h"
#include "model/registry.h"
#include "model/schema.h"
#include "portal/known.h"

#ifndef RAPPORT_VERSION
#define RAPPORT_VERSION "0"
#endif

static void raw(struct writer *out, const char *key, const char *json)
{
    writer_keyz(out, key);
    writer_raw(out, json, strlen(json));
}

/* ---- head ---- */

static void write_server(struct writer *out, const char *base, const char *path, const char *about,
                         const char *variables)
{
    struct buf url = {0};
    buf_printf(&url, "%s%s", base, path);
    writer_begin_object(out);
    writer_text(out, "url", buf_text(&url));
    writer_text(out, "description", about);
    if (variables)
        raw(out, "variables", variables);
    writer_end_object(out);
    buf_clear(&url);
}

static void write_head(struct writer *out, const char *base)
{
    writer_text(out, "openapi", "3.1.0");
    writer_keyz(out, "info");
    writer_begin_object(out);
    writer_text(out, "title", "Bitrix24 REST API, as Rapport serves it");
    writer_text(out, "version", RAPPORT_VERSION);
    writer_text(
        out, "description",
        "Each method takes its parameters as JSON, as a form or as a query. `select`, `order`, "
        "`filter` and `start` are those of the protocol; `batch` runs up to 50 commands.");
    writer_end_object(out);
    writer_keyz(out, "servers");
    writer_begin_list(out);
    write_server(
        out, base, "/rest/{user_id}/{code}", "With a webhook: its code is the credential.",
        "{\"user_id\":{\"default\":\"1\",\"description\":\"Whose webhook it is\"},\"code\":{"
        "\"default\":\"code\",\"description\":\"Its code\"}}");
    write_server(out, base, "/rest", "With a token of an application.", NULL);
    writer_end_list(out);
    raw(out, "security", "[{},{\"bearer\":[]},{\"auth\":[]}]");
}

/* ---- methods ---- */

/* "crm.deal" of crm.deal.get */
static void write_tag(struct writer *out, const struct method *method)
{
    const char *dot = strrchr(method->name, '.');
    writer_keyz(out, "tags");
    writer_begin_list(out);
    writer_string(out, method->name, dot ? (size_t)(dot - method->name) : strlen(method->name));
    writer_end_list(out);
}

/* Errors of one status: what the page names, with their codes to tell them by. */
static void write_refusals(struct writer *out, const struct method *method, int status)
{
    struct buf about = {0};
    bool any = false;
    for (size_t i = 0; i < known_text_count; i++) {
        const struct known_text *known = &known_texts[i];
        if (known->status != status || strcmp(known->method, method->name) != 0)
            continue;
        buf_printf(&about, "%s%s%s%s", any ? "\n" : "", known->code, known->code[0] ? ": " : "",
                   known->text);
        any = true;
    }
    if (any || status == 400 || status == 401) {
        char key[16];
        snprintf(key, sizeof key, "%d", status);
        writer_keyz(out, key);
        writer_begin_object(out);
        writer_text(out, "description",
                    any             ? buf_text(&about)
                    : status == 401 ? "No credential, a wrong one, or one without the scope."
                                    : "Refused; `error` and `error_description` say why.");
        raw(out, "content",
            "{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Error\"}}}");
        writer_end_object(out);
    }
    buf_clear(&about);
}

static void write_answer(struct writer *out, const struct method *method,
                         struct schema_parts *parts)
{
    writer_keyz(out, "200");
    writer_begin_object(out);
    writer_text(out, "description", "Done.");
    writer_keyz(out, "content");
    writer_begin_object(out);
    writer_keyz(out, "application/json");
    writer_begin_object(out);
    writer_keyz(out, "schema");
    writer_begin_object(out);
    writer_text(out, "type", "object");
    writer_keyz(out, "properties");
    writer_begin_object(out);
    writer_keyz(out, "result");
    schema_result_by(out, method, parts);
    raw(out, "total", "{\"type\":\"integer\",\"description\":\"Of a list: rows in all\"}");
    raw(out, "next",
        "{\"type\":\"integer\",\"description\":\"Of a list: `start` of the next page\"}");
    raw(out, "time", "{\"$ref\":\"#/components/schemas/Time\"}");
    writer_end_object(out);
    raw(out, "required", "[\"result\",\"time\"]");
    writer_end_object(out);
    writer_end_object(out);
    writer_end_object(out);
    writer_end_object(out);
}

static void write_body(struct writer *out, const struct method *method, struct schema_parts *parts)
{
    bool required = false;
    for (const struct param *p = method->params; p && p->type != PARAM_END; p++)
        required = required || p->required;
    writer_keyz(out, "requestBody");
    writer_begin_object(out);
    writer_keyz(out, "required");
    writer_bool(out, required);
    writer_keyz(out, "content");
    writer_begin_object(out);
    writer_keyz(out, "application/json");
    writer_begin_object(out);
    writer_keyz(out, "schema");
    schema_params_by(out, method, parts);
    writer_end_object(out);
    writer_end_object(out);
    writer_end_object(out);
}

static void write_method(struct writer *out, const struct method *method,
                         struct schema_parts *parts)
{
    static const int statuses[] = {400, 401, 403, 404, 500, 503};
    struct buf text = {0};
    buf_printf(&text, "/%s", method->name);
    writer_keyz(out, buf_text(&text));
    writer_begin_object(out);
    writer_keyz(out, "post");
    writer_begin_object(out);
    writer_text(out, "operationId", method->name);
    writer_text(out, "summary", method->summary);
    write_tag(out, method);
    if (method->page) {
        buf_clear(&text);
        buf_printf(&text, "https://apidocs.bitrix24.com/%s.html", method->page);
        writer_keyz(out, "externalDocs");
        writer_begin_object(out);
        writer_text(out, "url", buf_text(&text));
        writer_end_object(out);
    }
    writer_text(out, "x-scope", method->scope ? method->scope : "");
    writer_keyz(out, "x-writes");
    writer_bool(out, method->lane == LANE_WRITE);
    write_body(out, method, parts);
    writer_keyz(out, "responses");
    writer_begin_object(out);
    write_answer(out, method, parts);
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        write_refusals(out, method, statuses[i]);
    writer_end_object(out);
    writer_end_object(out);
    writer_end_object(out);
    buf_clear(&text);
}

/* ---- parts ---- */

/* Rows in the words of crm.item.*, one for each type: Item2 is a deal. */
static void write_items(struct writer *out, struct request *req, bool own)
{
    struct request *asks = own ? req : NULL;
    for (const struct entity *const *e = entity_all(asks); *e; e++) {
        char key[32];
        const struct entity *told = (*e)->type_id ? schema_told(asks, *e) : NULL;
        if (!(*e)->names || !told)
            continue;
        snprintf(key, sizeof key, "Item%d", (*e)->type_id);
        writer_keyz(out, key);
        schema_item(out, schema_own(asks, *e), told);
    }
}

static void write_components(struct writer *out, struct request *req, bool own,
                             const struct schema_parts *parts)
{
    writer_keyz(out, "components");
    writer_begin_object(out);
    raw(out, "securitySchemes",
        "{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"A token of an "
        "application\"},\"auth\":{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"auth\","
        "\"description\":\"The same as a parameter\"}}");
    writer_keyz(out, "schemas");
    writer_begin_object(out);
    raw(out, "Error",
        "{\"type\":\"object\",\"properties\":{\"error\":{\"type\":[\"string\",\"integer\"],"
        "\"description\":\"The code; empty where the page knows none\"},\"error_description\":{"
        "\"type\":\"string\"}},\"required\":[\"error\"]}");
    raw(out, "Time",
        "{\"type\":\"object\",\"properties\":{\"start\":{\"type\":\"number\"},\"finish\":{\"type\":"
        "\"number\"},\"duration\":{\"type\":\"number\"},\"processing\":{\"type\":\"number\"},"
        "\"date_start\":{\"type\":\"string\",\"format\":\"date-time\"},\"date_finish\":{\"type\":"
        "\"string\",\"format\":\"date-time\"},\"operating_reset_at\":{\"type\":\"integer\"},"
        "\"operating\":{\"type\":\"number\"}}}");
    schema_parts_write(out, parts);
    write_items(out, req, own);
    writer_end_object(out);
    writer_end_object(out);
}

void openapi_write(struct writer *out, struct request *req, const char *base, bool own)
{
    struct schema_parts parts = {.req = own ? req : NULL};
    writer_begin_object(out);
    write_head(out, base ? base : "http://127.0.0.1:8024");
    writer_keyz(out, "paths");
    writer_begin_object(out);
    for (size_t i = 0; i < method_count(); i++)
        write_method(out, method_at(i), &parts);
    writer_end_object(out);
    write_components(out, req, own, &parts);
    writer_end_object(out);
    schema_parts_clear(&parts);
}
