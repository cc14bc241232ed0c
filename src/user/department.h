/* department - the structure of the company: a tree of departments.
 *
 * What:    the handlers of department.*. One department is the root; the people of one that goes, and
 *          the departments below it, go to the one above. Pages: api-reference/departments.
 * Used by: method/department.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  ERROR_CORE with the documented texts. Only administrators change the structure.
 */
#ifndef RAPPORT_USER_DEPARTMENT_H
#define RAPPORT_USER_DEPARTMENT_H

#include "model/entity.h"

enum api_rc department_fields(struct request *req);
/* Conditions, sort, order and START stand beside each other among the parameters. */
enum api_rc department_list(struct request *req);
enum api_rc department_add(struct request *req);
enum api_rc department_update(struct request *req);
enum api_rc department_delete(struct request *req);

#endif
