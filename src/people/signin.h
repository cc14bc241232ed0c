/* signin - user name and password, and how failed attempts are slowed down.
 *
 * What:    passwords in libsodium's argon2id form; failures counted by login and by address.
 * Used by: page/oauth (the sign-in form), app/ (rapport user password).
 * Memory:  the caller's.
 * Threads: signin_check takes some 60 ms and 64 MiB by design: a thread of the slow lane.
 * Errors:  enum db_rc; enum signin for what the person is told.
 */
#ifndef RAPPORT_PEOPLE_SIGNIN_H
#define RAPPORT_PEOPLE_SIGNIN_H

#include "db/db.h"

#define PASSWORD_MIN 8
#define PASSWORD_MAX 256

enum signin {
    SIGNIN_OK,
    SIGNIN_WRONG, /* no such active user, no password set, or another one: not told which */
    SIGNIN_WAIT   /* too many failures: not even looked at */
};

/* What signin_check found; given to signin_record on the write lane. */
struct signin_attempt {
    enum signin result;
    int64_t user_id;     /* SIGNIN_OK */
    int64_t wait;        /* SIGNIN_WAIT: seconds */
    const char *kind;    /* of what is tried; NULL: a password */
    const char *login;   /* whose, as given */
    const char *address; /* of the client */
};

/* Sets the password of a user; DB_NONE when there is no such user. */
enum db_rc password_set(struct db *db, int64_t user_id, const char *password);
/* SIGNIN_WAIT, or SIGNIN_WRONG so far. Reads only. */
enum db_rc signin_wait(struct db *db, int64_t now, struct signin_attempt *attempt);
/* Reads only. `attempt->login` and `address` are set by the caller. */
enum db_rc signin_check(struct db *db, const char *password, int64_t now,
                        struct signin_attempt *attempt);
/* Counts a failure, or forgets those of the login after a success. Attempts at the same time were all looked at before any was counted: what
 * would have to wait by now is SIGNIN_WAIT, right or wrong. */
enum db_rc signin_record(struct db *db, int64_t now, struct signin_attempt *attempt);

#endif
