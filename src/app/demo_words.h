/* demo_words - what the demo data set is made of.
 *
 * Used by: app/demo.c and nothing else.
 *
 * Nobody real: addresses end in example.com, telephone numbers are of ranges that are kept for
 * fiction or that cannot be dialled.
 */
#ifndef RAPPORT_APP_DEMO_WORDS_H
#define RAPPORT_APP_DEMO_WORDS_H

enum { ENGLISH, RUSSIAN, LANGUAGES };

struct word {
    const char *text;
    const char *latin; /* for addresses */
};

/* Men and women in turn. */
static const struct word first_names[LANGUAGES][20] = {
    [ENGLISH] = {{"James", "james"},         {"Emma", "emma"},       {"Oliver", "oliver"},
                 {"Charlotte", "charlotte"}, {"William", "william"}, {"Grace", "grace"},
                 {"Henry", "henry"},         {"Sophie", "sophie"},   {"Thomas", "thomas"},
                 {"Alice", "alice"},         {"George", "george"},   {"Laura", "laura"},
                 {"Daniel", "daniel"},       {"Hannah", "hannah"},   {"Martin", "martin"},
                 {"Julia", "julia"},         {"Simon", "simon"},     {"Clara", "clara"},
                 {"Robert", "robert"},       {"Helen", "helen"}},
    /* The family name follows: a woman's ends in -а. */
    [RUSSIAN] = {{"Иван", "ivan"},      {"Мария", "maria"},     {"Сергей", "sergey"},
                 {"Ольга", "olga"},     {"Дмитрий", "dmitry"},  {"Елена", "elena"},
                 {"Андрей", "andrey"},  {"Наталья", "natalia"}, {"Павел", "pavel"},
                 {"Ирина", "irina"},    {"Николай", "nikolay"}, {"Светлана", "svetlana"},
                 {"Михаил", "mikhail"}, {"Татьяна", "tatiana"}, {"Алексей", "alexey"},
                 {"Юлия", "yulia"},     {"Виктор", "viktor"},   {"Ксения", "ksenia"},
                 {"Роман", "roman"},    {"Дарья", "daria"}},
};

static const struct word last_names[LANGUAGES][20] = {
    [ENGLISH] = {{"Harper", "harper"},       {"Bennett", "bennett"},  {"Fletcher", "fletcher"},
                 {"Whitfield", "whitfield"}, {"Marsh", "marsh"},      {"Holloway", "holloway"},
                 {"Keller", "keller"},       {"Lambert", "lambert"},  {"Novak", "novak"},
                 {"Ashton", "ashton"},       {"Ramsey", "ramsey"},    {"Doyle", "doyle"},
                 {"Sinclair", "sinclair"},   {"Webster", "webster"},  {"Larsen", "larsen"},
                 {"Fischer", "fischer"},     {"Moreau", "moreau"},    {"Quinn", "quinn"},
                 {"Barlow", "barlow"},       {"Thornton", "thornton"}},
    [RUSSIAN] = {{"Соколов", "sokolov"}, {"Лебедев", "lebedev"}, {"Морозов", "morozov"},
                 {"Ковалёв", "kovalev"}, {"Зайцев", "zaitsev"},  {"Орлов", "orlov"},
                 {"Макаров", "makarov"}, {"Никитин", "nikitin"}, {"Фролов", "frolov"},
                 {"Белов", "belov"},     {"Комаров", "komarov"}, {"Киселёв", "kiselev"},
                 {"Ильин", "ilin"},      {"Гусев", "gusev"},     {"Титов", "titov"},
                 {"Кузьмин", "kuzmin"},  {"Баранов", "baranov"}, {"Куликов", "kulikov"},
                 {"Громов", "gromov"},   {"Панов", "panov"}},
};

static const char *const cities[LANGUAGES][6] = {
    [ENGLISH] = {"London", "Manchester", "Bristol", "Leeds", "Dublin", "Edinburgh"},
    [RUSSIAN] = {"Москва", "Санкт-Петербург", "Казань", "Екатеринбург", "Новосибирск", "Самара"},
};

static const char *const posts[LANGUAGES][6] = {
    [ENGLISH] = {"Purchasing manager", "Managing director", "Head of logistics", "Office manager",
                 "Chief accountant", "Engineer"},
    [RUSSIAN] = {"Менеджер по закупкам", "Генеральный директор", "Начальник отдела логистики",
                 "Офис-менеджер", "Главный бухгалтер", "Инженер"},
};

/* Companies: suites of clients ask for more than fifty whose titles begin with A. */
static const struct word company_names[] = {
    {"Acorn", "acorn"},   {"Adler", "adler"},   {"Aegis", "aegis"},
    {"Agate", "agate"},   {"Alba", "alba"},     {"Albatross", "albatross"},
    {"Alder", "alder"},   {"Alpine", "alpine"}, {"Altair", "altair"},
    {"Amber", "amber"},   {"Anchor", "anchor"}, {"Antares", "antares"},
    {"Apex", "apex"},     {"Arbor", "arbor"},   {"Arcadia", "arcadia"},
    {"Arden", "arden"},   {"Argo", "argo"},     {"Aspen", "aspen"},
    {"Aster", "aster"},   {"Astra", "astra"},   {"Atlas", "atlas"},
    {"Aurora", "aurora"}, {"Avalon", "avalon"}, {"Avenir", "avenir"},
    {"Axiom", "axiom"},   {"Azure", "azure"},   {"Arrow", "arrow"},
};

static const struct word company_trades[] = {
    {"Logistics", "logistics"}, {"Foods", "foods"},
    {"Systems", "systems"},     {"Textiles", "textiles"},
    {"Medical", "medical"},     {"Energy", "energy"},
    {"Print", "print"},         {"Travel", "travel"},
    {"Furniture", "furniture"}, {"Instruments", "instruments"},
    {"Trading", "trading"},
};

static const struct word russian_companies[] = {
    {"ООО «Северный ветер»", "severny-veter"}, {"АО «Волжский завод»", "volzhsky-zavod"},
    {"ООО «ТехноСнаб»", "tehnosnab"},          {"ИП Громов", "ip-gromov"},
    {"ООО «Зелёный дом»", "zeleny-dom"},       {"ООО «Балтика Логистик»", "baltika-logistik"},
    {"АО «Уралпромстрой»", "uralpromstroy"},
};

static const char *const company_types[] = {"CUSTOMER", "CUSTOMER", "CUSTOMER",
                                            "PARTNER",  "SUPPLIER", "OTHER"};
static const char *const industries[] = {"DELIVERY", "MANUFACTURING", "IT", "CONSULTING", "OTHER"};
static const char *const employees[] = {"EMPLOYEES_1", "EMPLOYEES_2", "EMPLOYEES_3", "EMPLOYEES_4"};
static const char *const sources[] = {"WEB",         "CALL",           "EMAIL",
                                      "ADVERTISING", "RECOMMENDATION", "TRADE_SHOW"};

/* Wide at the top of the funnel, narrow at its end. */
struct stage {
    const char *code;
    int share; /* of 60 */
    int probability;
};

static const struct stage lead_stages[] = {
    {"NEW", 18, 0},       {"IN_PROCESS", 15, 0}, {"PROCESSED", 10, 0},
    {"CONVERTED", 11, 0}, {"JUNK", 6, 0},
};
static const struct stage deal_stages[] = {
    {"NEW", 14, 10},      {"PREPARATION", 12, 25},  {"PREPAYMENT_INVOICE", 9, 50},
    {"EXECUTING", 9, 70}, {"FINAL_INVOICE", 4, 90}, {"WON", 8, 100},
    {"LOSE", 3, 0},       {"APOLOGY", 1, 0},
};

/* "Office furniture for Acorn Logistics"; the Russian ones follow "Поставка". */
static const char *const wares[LANGUAGES][10] = {
    [ENGLISH] = {"Packaging", "Office furniture", "LED lighting", "Coffee machines",
                 "Network cabinets", "Forklift rental", "Printed catalogues", "Cold storage",
                 "Solar panels", "Work clothing"},
    [RUSSIAN] = {"упаковки", "офисной мебели", "светильников", "кофемашин", "сетевых шкафов",
                 "погрузчиков", "каталогов", "холодильных камер", "солнечных панелей",
                 "спецодежды"},
};

enum deed { DEED_CALL, DEED_MEETING, DEED_EMAIL, DEED_TODO, DEED_SMS, DEEDS };

static const char *const subjects[DEEDS][LANGUAGES][8] = {
    [DEED_CALL] = {[ENGLISH] = {"Agree on the delivery date", "Follow up on the offer",
                                "Clarify the order details", "Remind about the payment",
                                "First call after the web form", "Discuss the discount",
                                "Confirm tomorrow's meeting", "Complaint about a late delivery"},
                   [RUSSIAN] = {"Согласовать срок поставки", "Уточнить решение по предложению",
                                "Уточнить состав заказа", "Напомнить об оплате",
                                "Первый звонок по заявке с сайта", "Обсудить скидку",
                                "Подтвердить встречу", "Рекламация: задержка поставки"}},
    [DEED_MEETING] = {[ENGLISH] = {"Presentation of the spring catalogue", "Contract negotiation",
                                   "Site visit and measurements", "Kick-off meeting",
                                   "Quarterly review", "Demonstration of samples",
                                   "Acceptance of the work", "Lunch with the purchasing team"},
                      [RUSSIAN] = {"Презентация весеннего каталога", "Переговоры по договору",
                                   "Выезд на объект, замеры", "Стартовая встреча",
                                   "Обзор итогов квартала", "Показ образцов", "Приёмка работ",
                                   "Встреча с отделом закупок"}},
    [DEED_EMAIL] = {[ENGLISH] = {"Our offer", "Re: Delivery terms", "Invoice and closing documents",
                                 "Price list for this season", "Draft of the contract",
                                 "Re: Question about the warranty", "Thank you for the meeting",
                                 "Updated specification"},
                    [RUSSIAN] = {"Коммерческое предложение", "Re: Условия поставки",
                                 "Счёт и закрывающие документы", "Прайс-лист на сезон",
                                 "Проект договора", "Re: Вопрос по гарантии", "Спасибо за встречу",
                                 "Обновлённая спецификация"}},
    [DEED_TODO] = {[ENGLISH] = {"Prepare the offer", "Check the stock", "Send the samples",
                                "Ask the warehouse for dates", "Update the billing details",
                                "Collect feedback", "Get the contract signed",
                                "Plan the installation"},
                   [RUSSIAN] = {"Подготовить предложение", "Проверить остатки", "Отправить образцы",
                                "Запросить сроки у склада", "Обновить реквизиты", "Собрать отзыв",
                                "Подписать договор", "Запланировать монтаж"}},
    [DEED_SMS] = {[ENGLISH] = {"Your order has been shipped", "Reminder: meeting tomorrow",
                               "The courier is on the way", "Payment received",
                               "Your request has been registered", "The delivery date has changed",
                               "Please confirm the time", "Thank you for your order"},
                  [RUSSIAN] = {"Ваш заказ отправлен", "Напоминание о встрече", "Курьер в пути",
                               "Оплата получена", "Заявка зарегистрирована",
                               "Срок доставки изменился", "Подтвердите время", "Спасибо за заказ"}},
};

static const char *const remarks[LANGUAGES][6] = {
    [ENGLISH] = {"Wants an answer this week.", "Compares us with two other suppliers.",
                 "Needs the documents in two copies.", "Prefers to be called before noon.",
                 "Asked for instalments.", "Ready to sign after the site visit."},
    [RUSSIAN] = {"Ждёт ответа на этой неделе.", "Сравнивает с двумя другими поставщиками.",
                 "Нужны документы в двух экземплярах.", "Просил звонить до обеда.",
                 "Спрашивал о рассрочке.", "Готов подписать после выезда на объект."},
};

static const char *const places[LANGUAGES][4] = {
    [ENGLISH] = {"Our office, room 3", "At the client's", "Video call", "Exhibition hall B"},
    [RUSSIAN] = {"Наш офис, переговорная 3", "У клиента", "Видеозвонок", "Выставка, зал Б"},
};

#endif
