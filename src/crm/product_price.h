/* product_price - the prices of a product row, which follow from each other.
 *
 * What:    of one unit: netto (no discount, no tax), brutto (no discount, with tax), exclusive (discount, no tax), and
 *          the price that is paid. What is not given is made of what is, rounded to cents at each step.
 * Used by: crm/product_row.
 * Memory:  none.
 * Threads: any.
 * Errors:  a sentence for what is missing, as the pages have it; NULL: good.
 */
#ifndef RAPPORT_CRM_PRODUCT_PRICE_H
#define RAPPORT_CRM_PRODUCT_PRICE_H

#include <stdbool.h>

enum { DISCOUNT_MONEY = 1, DISCOUNT_PERCENT = 2 };

struct price_part {
    double value;
    bool given;
};

struct product_price {
    struct price_part price, exclusive, netto, brutto;
    struct price_part rate, sum; /* the discount, in percent and in money of one unit */
    double tax;                  /* in percent */
    int discount;                /* DISCOUNT_ */
    bool discount_told;          /* by the caller */
};

const char *product_price_settle(struct product_price *p);

#endif
