#include "crm/product_price.h"

#include <stddef.h>

#include "model/type.h"

#define REQUIRED(field, name) field " (" name ") is required if "
#define PERCENT "Percentage Discount Type (DISCOUNT_TYPE_ID) is defined"

static double cents(double real)
{
    return type_cents(real);
}

/* What is left of a price after the discount. */
static double discounted(const struct product_price *p, double netto)
{
    return p->discount == DISCOUNT_MONEY ? netto - p->sum.value
                                         : cents(netto * (1 - p->rate.value / 100));
}

/* The price that is paid, and the same without the tax: from whichever of the four is given. */
static void settle_paid(struct product_price *p, double with_tax)
{
    if (p->price.given || p->exclusive.given) {
        if (!p->price.given)
            p->price.value = cents(p->exclusive.value * with_tax);
        if (!p->exclusive.given)
            p->exclusive.value = cents(p->price.value / with_tax);
        return;
    }
    if (p->netto.given || p->brutto.given) {
        double netto = p->netto.given ? p->netto.value : cents(p->brutto.value / with_tax);
        p->exclusive.value = cents(discounted(p, netto));
        p->price.value = cents(p->exclusive.value * with_tax);
    }
}

static const char *settle_percent(struct product_price *p)
{
    double left = 1 - p->rate.value / 100;
    if (p->discount_told && !p->rate.given)
        return REQUIRED("Discount Rate", "DISCOUNT_RATE") PERCENT "<br>";
    if (left <= 0 && !p->sum.given)
        return REQUIRED("Discount Sum", "DISCOUNT_SUM") PERCENT
            " and Discount Rate (DISCOUNT_RATE) is 100%<br>";
    if (!p->netto.given)
        p->netto.value =
            cents(left <= 0 ? p->exclusive.value + p->sum.value : p->exclusive.value / left);
    p->sum.value = cents(p->netto.value - p->exclusive.value);
    if (!p->rate.given && p->netto.value > 0)
        p->rate.value = cents(p->sum.value / p->netto.value * 100);
    return NULL;
}

static const char *settle_money(struct product_price *p)
{
    if (!p->sum.given)
        return REQUIRED("Discount Sum",
                        "DISCOUNT_SUM") "Monetary Discount Type (DISCOUNT_TYPE_ID) is defined<br>";
    if (!p->netto.given)
        p->netto.value = cents(p->exclusive.value + p->sum.value);
    p->rate.value = p->netto.value > 0 ? cents(p->sum.value / p->netto.value * 100) : 0;
    return NULL;
}

const char *product_price_settle(struct product_price *p)
{
    double with_tax = 1 + p->tax / 100;
    settle_paid(p, with_tax);
    const char *why = p->discount == DISCOUNT_MONEY ? settle_money(p) : settle_percent(p);
    if (!p->brutto.given)
        p->brutto.value = cents(p->netto.value * with_tax);
    return why;
}
