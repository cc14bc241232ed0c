/* rapport backup: a whole portal in one file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/args.h"
#include "app/backup.h"
#include "app/command.h"
#include "portal/data_dir.h"

struct backup_options {
    const char *data, *store, *file;
    bool without_key, json;
};

static size_t count_missing(const struct backup_totals *totals)
{
    size_t count = 0;
    for (size_t i = 0; i < totals->missing.len; i++)
        count += totals->missing.data[i] == '\n';
    return count;
}

static void print_totals(const struct backup_options *o, const struct backup_totals *totals)
{
    if (!o->json) {
        fprintf(stderr, "%s: %lld rows of %lld tables, %lld files, %.1f MiB%s\n",
                !strcmp(o->file, "-") ? "standard output" : o->file, (long long)totals->rows,
                (long long)totals->tables, (long long)totals->files,
                (double)totals->bytes / (1 << 20),
                o->without_key ? "; without the key: keep secret.key as well"
                               : "; whoever holds it holds the portal");
        return;
    }
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_begin_object(&w);
    writer_text(&w, "file", o->file);
    writer_number(&w, "tables", totals->tables);
    writer_number(&w, "rows", totals->rows);
    writer_number(&w, "files", totals->files);
    writer_number(&w, "bytes", totals->bytes);
    writer_number(&w, "missing", (int64_t)count_missing(totals));
    writer_keyz(&w, "key");
    writer_bool(&w, !o->without_key);
    writer_end_object(&w);
    command_print_json(&json);
}

/* A device or a pipe is written to, never replaced. */
static bool write_stream(struct portal *portal, struct db *db, const struct backup_options *o,
                         struct backup_totals *totals, struct buf *why)
{
    int fd = !strcmp(o->file, "-") ? dup(STDOUT_FILENO) : open(o->file, O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0;
    if (!good)
        buf_printf(why, "cannot write %s: %s", o->file, strerror(errno));
    good = good && backup_write(portal, db, fd, !o->without_key, totals, why);
    if (fd >= 0)
        close(fd);
    return good;
}

static bool is_stream(const char *file)
{
    struct stat info;
    return !strcmp(file, "-") || (stat(file, &info) == 0 && !S_ISREG(info.st_mode));
}

/* Under a name of its own until it is whole: a backup that fails leaves the one of yesterday alone. */
static bool write_file(struct portal *portal, struct db *db, const struct backup_options *o,
                       struct backup_totals *totals, struct buf *why)
{
    struct buf temp = {0};
    buf_printf(&temp, "%s.part", o->file);
    unlink(buf_text(&temp)); /* a killed one's; and nobody has this one open already */
    int fd = open(buf_text(&temp), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0;
    if (!good)
        buf_printf(why, "cannot write %s: %s", buf_text(&temp), strerror(errno));
    good = good && backup_write(portal, db, fd, !o->without_key, totals, why);
    if (good && (fsync(fd) != 0 || rename(buf_text(&temp), o->file) != 0)) {
        buf_printf(why, "cannot write %s: %s", o->file, strerror(errno));
        good = false;
    }
    if (fd >= 0 && !good)
        unlink(buf_text(&temp));
    if (fd >= 0)
        close(fd);
    buf_clear(&temp);
    return good;
}

static int back_up(const struct backup_options *o)
{
    struct backup_totals totals = {0};
    struct buf why = {0};
    struct db *db;
    struct portal *portal = command_open(o->data, o->store, DB_READER, &db);
    if (!portal)
        return 1;
    bool good = (is_stream(o->file) ? write_stream : write_file)(portal, db, o, &totals, &why);
    db_close(db);
    portal_close(portal);
    if (good)
        print_totals(o, &totals);
    size_t missing = count_missing(&totals);
    buf_clear(&totals.missing);
    if (!good)
        return command_fail(&why);
    if (missing) /* with --json the totals say it, too */
        fprintf(
            stderr,
            "rapport: the backup is written, but %zu files that the portal names are missing or "
            "damaged in it; `rapport check` tells which\n",
            missing);
    return missing ? 1 : 0;
}

int command_backup(int argc, char **argv)
{
    struct backup_options o = {.data = DEFAULT_DATA};
    const struct arg args[] = {
        COMMAND_PLACE(o.data, o.store),
        {"--without-key", NULL, "leave secret.key out; restore then asks for it", NULL,
         &o.without_key},
        {"--json", NULL, "print JSON", NULL, &o.json},
        {NULL, NULL, NULL, NULL, NULL},
    };
    bool help;
    int count;
    if (!args_parse(
            argc, argv, args,
            "Usage: rapport backup FILE [options]\n\nWrites the whole portal to one tar, of "
            "one moment, also while its server runs: all\nrows, all files, the key. - "
            "writes to standard output. Whoever holds a backup with\nits key holds the "
            "portal.",
            &help, &o.file, 1, &count))
        return 2;
    if (help)
        return 0;
    if (!count)
        return command_usage("backup needs a FILE, or - for standard output");
    if (!strcmp(o.file, "-") && isatty(STDOUT_FILENO))
        return command_usage("a backup is not for a terminal; give a FILE, or lead - elsewhere");
    if (!strcmp(o.file, "-") && o.json)
        return command_usage("--json goes with a FILE: standard output is the backup");
    return back_up(&o);
}
