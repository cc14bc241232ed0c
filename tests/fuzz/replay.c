/* replay - runs a fuzz target over every file of the directories given, without libFuzzer.
 *
 * The corpus holds what fuzzing found worth keeping, so each past crash stays a test. A directory
 * that is missing or empty fails: a test that silently runs nothing is worse than none. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The memory is of the exact size, so that the address sanitizer sees a read beyond it. */
static int replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size ? size : 1);
    int ok = file && data && fread(data, 1, size, file) == size;
    if (file)
        fclose(file);
    if (ok)
        LLVMFuzzerTestOneInput(data, size);
    else
        fprintf(stderr, "replay: cannot read %s\n", path);
    free(data);
    return ok;
}

/* The number of files, or -1. */
static int replay_directory(const char *directory)
{
    DIR *dir = opendir(directory);
    int files = 0;
    if (!dir) {
        fprintf(stderr, "replay: cannot open %s\n", directory);
        return -1;
    }
    for (const struct dirent *entry; files >= 0 && (entry = readdir(dir));) {
        char path[4096];
        struct stat status;
        if (!format_whole(path, sizeof path, "%s/%s", directory, entry->d_name) ||
            stat(path, &status) != 0)
            files = -1;
        else if (S_ISREG(status.st_mode))
            files = replay_file(path, (size_t)status.st_size) ? files + 1 : -1;
    }
    closedir(dir);
    if (files == 0)
        fprintf(stderr, "replay: no file in %s\n", directory);
    return files > 0 ? files : -1;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s DIRECTORY...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        int files = replay_directory(argv[i]);
        if (files < 0)
            return 1;
        printf("%s: %d files\n", argv[i], files);
    }
    return 0;
}
