#include "rest/watch.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "portal/metrics.h"

static bool room(const struct portal *portal, double *free_bytes)
{
    struct statvfs disk;
    if (statvfs(portal->data_dir, &disk) != 0)
        return false;
    *free_bytes = (double)disk.f_bavail * (double)disk.f_frsize;
    return true;
}

static bool answers(struct db *db)
{
    if (!db)
        return false;
    struct db_stmt *stmt = db_prepare(db, "SELECT 1 FROM member LIMIT 1");
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE;
}

bool watch_ready(struct portal *portal, struct db *db, struct buf *why)
{
    double bytes;
    if (atomic_load(&portal->leaving))
        buf_adds(why, "the server is ending\n");
    else if (atomic_load(&portal->closed))
        buf_adds(why, "the portal is closed for maintenance\n");
    else if (!answers(db))
        buf_adds(why, "the store does not answer\n");
    else if (room(portal, &bytes) && bytes < (double)WATCH_ROOM)
        buf_printf(why, "%.0f MiB are left on the disk of the data directory\n", bytes / 1048576);
    return !why->len;
}

/* ---- what the store knows ---- */

/* At most so many are counted: the number says that something is wrong long before. */
#define COUNTED "100000"

static void write_outbox(struct db *db, struct buf *out)
{
    static const struct {
        const char *kind, *state, *sql;
    } rows[] = {
        {"event", "waiting",
         "SELECT count(*) FROM (SELECT 1 FROM event_outbox WHERE gave_up IS NULL LIMIT " COUNTED
         ") t"},
        {"event", "given_up",
         "SELECT count(*) FROM (SELECT 1 FROM event_outbox WHERE gave_up IS NOT NULL LIMIT " COUNTED
         ") t"},
        {"mail", "waiting",
         "SELECT count(*) FROM (SELECT 1 FROM mail_outbox WHERE gave_up IS NULL LIMIT " COUNTED
         ") t"},
        {"mail", "given_up",
         "SELECT count(*) FROM (SELECT 1 FROM mail_outbox WHERE gave_up IS NOT NULL LIMIT " COUNTED
         ") t"}};
    metrics_head(out, "rapport_outbox_messages", "gauge",
                 "Events and e-mails that wait, or were given up; counted to " COUNTED ".");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct db_stmt *stmt = db_prepare(db, rows[i].sql);
        if (db_step(stmt) == DB_ROW)
            buf_printf(out, "rapport_outbox_messages{kind=\"%s\",state=\"%s\"} %lld\n",
                       rows[i].kind, rows[i].state, (long long)db_int(stmt, 0));
        db_finish(stmt);
    }
}

/* ---- what the system knows: names as other programs' ---- */

static double open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    double count = 0;
    if (!dir)
        return 0;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 3; /* . and .., and the one that reads */
}

/* In the 22nd field of its stat the kernel keeps when a process began, in ticks since the system did. */
static double began(void)
{
    char text[1024] = "";
    unsigned long long ticks = 0;
    struct timespec now, up;
    FILE *file = fopen("/proc/self/stat", "r");
    if (!file)
        return 0;
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    if (!at || sscanf(at, " %llu", &ticks) != 1)
        return 0;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &up);
    return (double)(now.tv_sec - up.tv_sec) + (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static void write_process(struct buf *out)
{
    struct rusage used;
    struct rlimit files;
    long pages = 0;
    getrusage(RUSAGE_SELF, &used);
    metrics_number(out, "process_cpu_seconds_total", "counter", "Time of all threads.",
                   (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    FILE *file = fopen("/proc/self/statm", "r");
    bool read = file && fscanf(file, "%*d %ld", &pages) == 1;
    if (file)
        fclose(file);
    if (read)
        metrics_number(out, "process_resident_memory_bytes", "gauge", "Memory in use.",
                       (double)pages * (double)sysconf(_SC_PAGESIZE));
    metrics_number(out, "process_open_fds", "gauge", "Open files and sockets.", open_files());
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        metrics_number(out, "process_max_fds", "gauge", "As many may be open.",
                       (double)files.rlim_cur);
    metrics_number(out, "process_start_time_seconds", "gauge", "When it began, since 1970.",
                   began());
}

void watch_metrics(struct portal *portal, struct db *db, struct buf *out)
{
    struct buf why = {0};
    double bytes;
    metrics_write(portal->metrics, out);
    metrics_number(out, "rapport_ready", "gauge", "1: /readyz says so.",
                   watch_ready(portal, db, &why) ? 1 : 0);
    buf_clear(&why);
    if (room(portal, &bytes))
        metrics_number(out, "rapport_disk_free_bytes", "gauge",
                       "Room on the disk of the data directory.", bytes);
    if (db)
        write_outbox(db, out);
    write_process(out);
}
