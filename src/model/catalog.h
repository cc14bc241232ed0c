/* catalog - what a portal's own schema is at this moment: its entities with their custom fields, and whatever
 * else may change while the server runs.
 *
 * What:    an immutable, counted snapshot, read from the store in one go. A request holds one from its start to
 *          its end, as a pair with the snapshot of the store that it sees: the row `catalog` has the version.
 *          A group of writes holds that row against changes of the schema, so that nobody writes by an old
 *          catalog, in several processes on one PostgreSQL either; a change of the schema (a method with
 *          `.schema`) is a transaction of its own, has the row for itself and raises the version. What was rolled
 *          back, or whose outcome is unknown, was never published: the next transaction reads the version.
 * Used by: rest/pipeline (pins), the engine (finds entities), whoever keeps a part of it (CATALOG_PART).
 * Memory:  a catalog belongs to those who hold it: the portal the newest, each connection the one of its
 *          transaction. What is found in it stays until the request ends.
 * Threads: any; reading takes no lock.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_CATALOG_H
#define RAPPORT_MODEL_CATALOG_H

#include "model/row.h"

struct catalog;

/* ---- a request's ---- */

/* Sets req->catalog to the one that belongs to the transaction, or the moment, of req->db. */
enum api_rc catalog_pin(struct request *req);
/* The same for a change of the schema: others neither write nor change meanwhile. */
enum api_rc catalog_pin_change(struct request *req);
/* Raises the version: called by whoever changed what a catalog is read from, in its transaction. */
enum api_rc catalog_changed(struct request *req);
/* Of a connection whose transaction was committed: publishes what it changed, before anybody is answered. */
void catalog_kept(struct portal *portal, struct db *db);
/* The same where another connection's, or a script's, change is known of. */
void catalog_refresh(struct portal *portal, struct db *db);
/* A statement failed: had another process changed the schema before? Then the request is worth running again. */
bool catalog_outdated(struct request *req);
int64_t catalog_version(const struct request *req);

/* ---- entities ---- */

/* The portal's variant of an entity: the same one where the portal has nothing of its own, or nothing is
 * pinned (demo data, tests). Its first fields are those of `base`, at the same places. */
const struct entity *catalog_entity(const struct request *req, const struct entity *base);

/* SELECT of one row of an entity as catalog_entity gave it; see row_select. */
const char *catalog_select(const struct request *req, const struct entity *entity,
                           enum row_select what);

/* ---- what others keep in it (CATALOG_PART) ---- */

struct catalog_part;

/* What it keeps in the request's catalog; NULL: nothing is pinned. */
const void *catalog_find(const struct request *req, const struct catalog_part *part);

#endif
