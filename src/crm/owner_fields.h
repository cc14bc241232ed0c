/* owner_fields - rows that the tables of fields of leads, deals, contacts, companies and others share.
 *
 * What:    macros that make one row, or a whole group, of a `struct field` table.
 * Used by: descriptors (crm/). It includes what such a one needs: relations, permits, ENTITY.
 */
#ifndef RAPPORT_CRM_OWNER_FIELDS_H
#define RAPPORT_CRM_OWNER_FIELDS_H

#include "crm/currency.h"
#include "crm/category.h"
#include "crm/multifield.h"
#include "crm/multifield_item.h"
#include "crm/observer.h"
#include "crm/owner.h"
#include "crm/stage.h"
#include "crm/stage_step.h"
#include "crm/status_code.h"
#include "model/pairs.h"
#include "model/parent.h"
#include "model/permit.h"
#include "model/picture.h"
#include "model/registry.h"
#include "user/user.h"

#define OWNER_ID                                                                                   \
    {                                                                                              \
        .name = "ID", .type = "integer", .title = "ID", .kind = FIELD_INT, .column = "id",         \
        .flags = FIELD_READ_ONLY                                                                   \
    }
#define OWNER_TEXT(NAME, COLUMN, TITLE, FLAGS)                                                     \
    {                                                                                              \
        .name = NAME, .type = "string", .title = TITLE, .kind = FIELD_TEXT, .column = COLUMN,      \
        .flags = FLAGS                                                                             \
    }
#define OWNER_FLAG(NAME, COLUMN, TITLE, FLAGS, FALLBACK)                                           \
    {                                                                                              \
        .name = NAME, .type = "char", .title = TITLE, .kind = FIELD_FLAG, .column = COLUMN,        \
        .flags = FLAGS, .fallback = FALLBACK                                                       \
    }
#define OWNER_INT(NAME, TYPE, COLUMN, TITLE, FLAGS)                                                \
    {                                                                                              \
        .name = NAME, .type = TYPE, .title = TITLE, .kind = FIELD_INT, .column = COLUMN,           \
        .flags = FLAGS                                                                             \
    }
#define OWNER_DATE(NAME, COLUMN, TITLE)                                                            \
    {                                                                                              \
        .name = NAME, .type = "date", .title = TITLE, .kind = FIELD_DATE, .column = COLUMN         \
    }
#define OWNER_TIME(NAME, COLUMN, TITLE, FLAGS)                                                     \
    {                                                                                              \
        .name = NAME, .type = "datetime", .title = TITLE, .kind = FIELD_DATETIME,                  \
        .column = COLUMN, .flags = FLAGS                                                           \
    }
#define OWNER_MONEY(NAME, COLUMN, TITLE)                                                           \
    {                                                                                              \
        .name = NAME, .type = "double", .title = TITLE, .kind = FIELD_MONEY, .column = COLUMN,     \
        .fallback = "0"                                                                            \
    }
/* A code of the directory STATUS_TYPE. */
#define OWNER_STATUS(NAME, COLUMN, TITLE, STATUS_TYPE)                                             \
    {                                                                                              \
        .name = NAME, .type = "crm_status", .title = TITLE, .kind = FIELD_TEXT, .column = COLUMN,  \
        .status_type = STATUS_TYPE, .codes = &codes_status                                         \
    }
/* A stage of the row's funnel: STATUS_TYPE names the directory of the first one. */
#define OWNER_STAGE(NAME, COLUMN, TITLE, STATUS_TYPE)                                              \
    {                                                                                              \
        .name = NAME, .type = "crm_status", .title = TITLE, .kind = FIELD_TEXT, .column = COLUMN,  \
        .status_type = STATUS_TYPE, .codes = &codes_stage                                          \
    }
#define OWNER_CURRENCY                                                                             \
    {                                                                                              \
        .name = "CURRENCY_ID", .type = "crm_currency", .title = "Currency", .kind = FIELD_TEXT,    \
        .column = "currency_id", .codes = &codes_currency                                          \
    }
/* The ids of a relation's rows (model/pairs), which has the field's name. */
#define OWNER_LINKS(RELATION, NAME, TYPE, TITLE)                                                   \
    {                                                                                              \
        .name = NAME, .type = TYPE, .title = TITLE, .kind = FIELD_VIRTUAL,                         \
        .flags = FIELD_MULTIPLE, .relation = RELATION                                              \
    }
#define OWNER_PICTURE(NAME, TITLE)                                                                 \
    {                                                                                              \
        .name = NAME, .type = "file", .title = TITLE, .kind = FIELD_VIRTUAL,                       \
        .flags = FIELD_IN_GET, .relation = &pictures                                               \
    }
#define OWNER_MULTIFIELD(RELATION, NAME, TITLE)                                                    \
    {                                                                                              \
        .name = NAME, .type = "crm_multifield", .title = TITLE, .kind = FIELD_VIRTUAL,             \
        .flags = FIELD_MULTIPLE | FIELD_IN_GET | FIELD_WITH_ID | FIELD_CLASSIC_ONLY,               \
        .relation = RELATION                                                                       \
    }

#define OWNER_MULTIFIELDS(RELATION)                                                                \
    OWNER_MULTIFIELD(RELATION, "PHONE", "Phone"), OWNER_MULTIFIELD(RELATION, "EMAIL", "E-mail"),   \
        OWNER_MULTIFIELD(RELATION, "WEB", "Website"),                                              \
        OWNER_MULTIFIELD(RELATION, "IM", "Messenger"), OWNER_MULTIFIELD(RELATION, "LINK", "LINK")

/* PREFIX and COLUMN: "" for the address, "REG_" and "reg_" for a company's legal one. */
#define OWNER_ADDRESS(PREFIX, COLUMN, TITLE)                                                       \
    OWNER_TEXT(PREFIX "ADDRESS", COLUMN "address", TITLE, FIELD_CLASSIC_ONLY),                     \
        OWNER_TEXT(PREFIX "ADDRESS_2", COLUMN "address_2", TITLE " (Line 2)", FIELD_CLASSIC_ONLY), \
        OWNER_TEXT(PREFIX "ADDRESS_CITY", COLUMN "address_city", TITLE ": City",                   \
                   FIELD_CLASSIC_ONLY),                                                            \
        OWNER_TEXT(PREFIX "ADDRESS_POSTAL_CODE", COLUMN "address_postal_code",                     \
                   TITLE ": Postal Code", FIELD_CLASSIC_ONLY),                                     \
        OWNER_TEXT(PREFIX "ADDRESS_REGION", COLUMN "address_region", TITLE ": Region",             \
                   FIELD_CLASSIC_ONLY),                                                            \
        OWNER_TEXT(PREFIX "ADDRESS_PROVINCE", COLUMN "address_province", TITLE ": Province",       \
                   FIELD_CLASSIC_ONLY),                                                            \
        OWNER_TEXT(PREFIX "ADDRESS_COUNTRY", COLUMN "address_country", TITLE ": Country",          \
                   FIELD_CLASSIC_ONLY),                                                            \
        OWNER_TEXT(PREFIX "ADDRESS_COUNTRY_CODE", COLUMN "address_country_code",                   \
                   TITLE ": Country Code", FIELD_CLASSIC_ONLY),                                    \
        OWNER_INT(PREFIX "ADDRESS_LOC_ADDR_ID", "integer", COLUMN "address_loc_addr_id",           \
                  TITLE ": Location Address ID", FIELD_NULL_ZERO | FIELD_CLASSIC_ONLY)

/* Kept by crm/multifield as phones, addresses and open lines come and go. */
#define OWNER_HAS                                                                                  \
    OWNER_FLAG("HAS_PHONE", "has_phone", "Phone Provided", FIELD_READ_ONLY, "N"),                  \
        OWNER_FLAG("HAS_EMAIL", "has_email", "Email Provided", FIELD_READ_ONLY, "N"),              \
        OWNER_FLAG("HAS_IMOL", "has_imol", "Open Line Assigned", FIELD_READ_ONLY, "N")

#define OWNER_ASSIGNED                                                                             \
    {                                                                                              \
        .name = "ASSIGNED_BY_ID", .type = "user", .title = "Responsible Person",                   \
        .kind = FIELD_INT, .column = "assigned_by_id", .flags = FIELD_STAMP_AUTHOR,                \
        .codes = &codes_user                                                                       \
    }
/* Read-only, and called otherwise in crm.item.*. */
#define OWNER_USER(NAME, ITEM, COLUMN, TITLE, FLAGS)                                               \
    {                                                                                              \
        .name = NAME, .type = "user", .title = TITLE, .kind = FIELD_INT, .column = COLUMN,         \
        .flags = FIELD_READ_ONLY | FIELD_IMPORTED | (FLAGS), .item_name = ITEM,                    \
        .codes = &codes_user                                                                       \
    }
#define OWNER_STAMP(NAME, ITEM, COLUMN, TITLE, FLAGS)                                              \
    {                                                                                              \
        .name = NAME, .type = "datetime", .title = TITLE, .kind = FIELD_DATETIME,                  \
        .column = COLUMN, .flags = FIELD_READ_ONLY | FIELD_IMPORTED | (FLAGS), .item_name = ITEM   \
    }
#define OWNER_AUTHORS                                                                              \
    OWNER_USER("CREATED_BY_ID", "CREATED_BY", "created_by_id", "Created By", FIELD_STAMP_AUTHOR),  \
        OWNER_USER("MODIFY_BY_ID", "UPDATED_BY", "modify_by_id", "Modified By",                    \
                   FIELD_STAMP_EDITOR)
#define OWNER_MOVED_BY OWNER_USER("MOVED_BY_ID", "MOVED_BY", "moved_by_id", "MOVED_BY_ID", 0)
#define OWNER_DATES                                                                                \
    OWNER_STAMP("DATE_CREATE", "CREATED_TIME", "date_create", "Creation Date",                     \
                FIELD_STAMP_CREATED),                                                              \
        OWNER_STAMP("DATE_MODIFY", "UPDATED_TIME", "date_modify", "Modification Date",             \
                    FIELD_STAMP_UPDATED)
#define OWNER_MOVED_TIME                                                                           \
    OWNER_TIME("MOVED_TIME", "moved_time", "MOVED_TIME", FIELD_READ_ONLY | FIELD_IMPORTED)

#define OWNER_ORIGIN                                                                               \
    OWNER_TEXT("ORIGINATOR_ID", "originator_id", "External Source", 0),                            \
        OWNER_TEXT("ORIGIN_ID", "origin_id", "Identifier in External Source", FIELD_KEYED)
#define OWNER_ORIGIN_VERSION OWNER_TEXT("ORIGIN_VERSION", "origin_version", "Original Version", 0)

#define OWNER_WEBFORM                                                                              \
    OWNER_INT("WEBFORM_ID", "integer", "webform_id", "Created by CRM form", FIELD_ITEM_ONLY)
#define OWNER_UTM                                                                                  \
    OWNER_TEXT("UTM_SOURCE", "utm_source", "Advertising System", 0),                               \
        OWNER_TEXT("UTM_MEDIUM", "utm_medium", "Traffic Type", 0),                                 \
        OWNER_TEXT("UTM_CAMPAIGN", "utm_campaign", "Campaign Identifier", 0),                      \
        OWNER_TEXT("UTM_CONTENT", "utm_content", "Campaign Content", 0),                           \
        OWNER_TEXT("UTM_TERM", "utm_term", "Campaign Search Term", 0)

#define OWNER_LAST_ACTIVITY(FLAGS)                                                                 \
    OWNER_TIME("LAST_ACTIVITY_TIME", "last_activity_time", "Last Activity",                        \
               (FLAGS) | FIELD_STAMP_CREATED),                                                     \
    {                                                                                              \
        .name = "LAST_ACTIVITY_BY", .type = "user", .title = "Last Activity By",                   \
        .kind = FIELD_INT, .column = "last_activity_by", .flags = (FLAGS) | FIELD_STAMP_AUTHOR,    \
        .codes = &codes_user                                                                       \
    }

#endif
