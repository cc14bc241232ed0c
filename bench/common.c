#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "base/value.h"

/* ---- chance: splitmix64 ---- */

uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

int64_t chance_below(struct chance *chance, int64_t end)
{
    return (int64_t)((unsigned __int128)chance_next(chance) * (uint64_t)end >> 64);
}

/* ---- owners ---- */

int64_t owner_count(int64_t rows)
{
    return rows < PER_OWNER ? 1 : rows / PER_OWNER;
}

struct owner_ref owner_at(int64_t number)
{
    /* Lead, deal, contact and company in turn, each kind with ids of its own. */
    return (struct owner_ref){1 + number % 4, 1 + number / 4};
}

int64_t owner_of_row(struct chance *chance, int64_t row, int64_t rows)
{
    int64_t first = row / SLICE_ROWS * SLICE_OWNERS, place = row % SLICE_ROWS;
    int64_t count = owner_count(rows) - first;
    count = count > SLICE_OWNERS ? SLICE_OWNERS : count < 1 ? 1 : count;
    int64_t turn = place % 8;
    if (turn >= 8 * PER_OWNER_SURE / PER_OWNER)
        return first + chance_below(chance, count);
    return first + (place / 8 * (8 * PER_OWNER_SURE / PER_OWNER) + turn) * 389 % count;
}

/* ---- texts ---- */

static const char *const actions[2][8] = {
    {"Call back about", "Meeting on", "Send the documents for", "Clarify", "Remind about",
     "Prepare an offer for", "Check the payment of", "Confirm"},
    {"Перезвонить по", "Встреча:", "Отправить документы:", "Уточнить", "Напомнить про",
     "Подготовить предложение:", "Проверить оплату:", "Подтвердить"},
};
static const char *const things[2][8] = {
    {"the order", "the contract", "the delivery", "the invoice", "the warranty case",
     "the installation", "the yearly service", "the price list"},
    {"заказ", "договор", "доставка", "счёт", "гарантийный случай", "монтаж", "годовое обслуживание",
     "прайс-лист"},
};
static const char *const names[2][8] = {
    {"Harper", "Bennett", "Fletcher", "Whitfield", "Ashdown", "Merriman", "Thackeray", "Lockwood"},
    {"Ковалёва", "Соколов", "Ильина", "Журавлёв", "Щербакова", "Мельников", "Ефимова", "Цветков"},
};
static const char *const notes[2][6] = {
    {"Wants an answer this week, prefers the telephone.",
     "Asked for the updated price and for the terms of delivery.",
     "Agreed in general, waits for the decision of the management.",
     "Could not be reached; try again in the morning.",
     "The technical questions are settled, the contract is being read.",
     "Not satisfied with the last delivery, handle with care."},
    {"Ждёт ответа на этой неделе, удобнее по телефону.",
     "Просит обновлённую цену и условия поставки.", "В целом согласен, ждёт решения руководства.",
     "Не дозвонились, повторить утром.", "Технические вопросы решены, договор читают юристы.",
     "Недоволен прошлой поставкой, нужно внимание."},
};

size_t text_subject(struct chance *chance, int64_t number, char out[TEXT_SIZE])
{
    uint64_t bits = chance_next(chance);
    int language = bits & 1;
    return format_text(out, TEXT_SIZE, "%s %s %lld (%s)", actions[language][bits >> 1 & 7],
                       things[language][bits >> 4 & 7], (long long)(10000 + number),
                       names[language][bits >> 7 & 7]);
}

size_t text_description(struct chance *chance, int64_t number, char out[TEXT_SIZE])
{
    uint64_t bits = chance_next(chance);
    int language = bits & 1;
    return format_text(out, TEXT_SIZE, "%s (%s, %lld)", notes[language][(bits >> 1) % 6],
                       names[language][bits >> 32 & 7], (long long)number);
}

/* ---- latencies ---- */

void latency_add(struct latencies *all, uint64_t nanoseconds)
{
    unsigned at = 0;
    uint64_t rest = nanoseconds;
    if (rest >= 256) {
        int shift = 56 - __builtin_clzll(rest);
        rest >>= shift;
        at = (unsigned)shift * 128;
    }
    at += (unsigned)rest;
    all->classes[at < LATENCY_CLASSES ? at : LATENCY_CLASSES - 1]++;
    all->count++;
    if (nanoseconds > all->most)
        all->most = nanoseconds;
}

double latency_at(const struct latencies *all, double share)
{
    uint64_t wanted = (uint64_t)((double)all->count * share), seen = 0;
    for (unsigned at = 0; at < LATENCY_CLASSES; at++) {
        seen += all->classes[at];
        if (seen > wanted) {
            unsigned shift = at < 256 ? 0 : at / 128 - 1;
            return (double)((uint64_t)(at - shift * 128) << shift) / 1000;
        }
    }
    return (double)all->most / 1000;
}

/* ---- options ---- */

int64_t number_option(const char *name, const char *text, int64_t least, int64_t most)
{
    int64_t number;
    if (!text || !text_to_int(text, strlen(text), &number) || number < least || number > most) {
        fprintf(stderr, "%s takes a number from %lld to %lld\n", name, (long long)least,
                (long long)most);
        exit(2);
    }
    return number;
}

double seconds_option(const char *name, const char *text)
{
    char *end;
    double seconds = text ? strtod(text, &end) : -1;
    if (!text || end == text || *end || !(seconds >= 0 && seconds <= 600)) {
        fprintf(stderr, "%s takes seconds, 0 to 600\n", name);
        exit(2);
    }
    return seconds;
}
