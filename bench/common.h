/* common - what the benchmark's programs agree on: chance, the data's owners and texts, latencies.
 *
 * What:    the data is made of slices of SLICE_ROWS activities with their own SLICE_OWNERS owners,
 *          mixed through each other: an owner's activities lie scattered over some 20 MB, as in a
 *          portal where a deal lives for a few weeks. Every owner has 50 activities and some more.
 * Used by: seed (which writes it), load and bare (which know what is there without asking).
 * Memory:  texts go into the caller's array.
 * Threads: no shared state.
 */
#ifndef RAPPORT_BENCH_COMMON_H
#define RAPPORT_BENCH_COMMON_H

#include <stddef.h>
#include <stdint.h>

#define PER_OWNER 80
#define PER_OWNER_SURE 50 /* of these; the rest falls as chance has it */
#define SLICE_ROWS 40000
#define SLICE_OWNERS (SLICE_ROWS / PER_OWNER)
#define MEMBERS 40 /* people of the portal, the administrator among them */
#define TEXT_SIZE 512

/* The same numbers on every run. */
struct chance {
    uint64_t state;
};
uint64_t chance_next(struct chance *chance);
int64_t chance_below(struct chance *chance, int64_t end);

struct owner_ref {
    int64_t type, id;
};
/* Owners of a data set of `rows` activities; they are numbered from 0. */
int64_t owner_count(int64_t rows);
struct owner_ref owner_at(int64_t number);
/* The owner of the activity with this place (from 0) in a set of `rows`. */
int64_t owner_of_row(struct chance *chance, int64_t row, int64_t rows);

/* Half of them Cyrillic. Nothing in them needs escaping in JSON. */
size_t text_subject(struct chance *chance, int64_t number, char out[TEXT_SIZE]);
size_t text_description(struct chance *chance, int64_t number, char out[TEXT_SIZE]);

/* Latencies, in classes of less than one per cent. */
#define LATENCY_CLASSES (40 * 128)
struct latencies {
    uint64_t count, most, classes[LATENCY_CLASSES];
};
void latency_add(struct latencies *all, uint64_t nanoseconds);
/* In microseconds. */
double latency_at(const struct latencies *all, double share);

/* An option's value as a number within bounds; ends the program with a message when it is none. */
int64_t number_option(const char *name, const char *text, int64_t least, int64_t most);
double seconds_option(const char *name, const char *text);

#endif
