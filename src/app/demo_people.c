#include "app/demo_people.h"

#include "user/user.h"

/* The first is the root; the others name their parent by position. */
static const struct {
    const char *name;
    int parent;
    int head; /* user, by position below */
} departments[] = {
    {"Meridian Supply", -1, 0}, {"Sales", 0, 1},   {"Key accounts", 1, 2},
    {"Marketing", 0, 5},        {"Support", 0, 4}, {"Accounting", 0, 6},
};

/* The first is the administrator. A department by position above. */
static const struct {
    struct user_new user;
    int department;
} people[] = {
    {{.email = "a.orlov@meridian.example",
      .name = "Александр",
      .last_name = "Орлов",
      .second_name = "Игоревич",
      .gender = "M",
      .birthday = "1978-03-14",
      .employed = "2012-04-02",
      .work_position = "Генеральный директор",
      .work_phone = "+7 495 000 01 01",
      .city = "Москва",
      .inner_phone = "101"},
     0},
    {{.login = "maria.ivanova",
      .email = "m.ivanova@meridian.example",
      .name = "Мария",
      .last_name = "Иванова",
      .gender = "F",
      .birthday = "1986-11-02",
      .employed = "2015-09-01",
      .work_position = "Руководитель отдела продаж",
      .work_phone = "+7 495 000 01 02",
      .city = "Москва",
      .inner_phone = "102"},
     1},
    {{.login = "john.smith",
      .email = "j.smith@meridian.example",
      .name = "John",
      .last_name = "Smith",
      .gender = "M",
      .birthday = "1990-07-21",
      .employed = "2018-02-05",
      .work_position = "Key account manager",
      .work_phone = "+44 20 7946 0999",
      .mobile = "+44 7700 900103",
      .time_zone = "Europe/London",
      .city = "London",
      .inner_phone = "103"},
     2},
    {{.login = "olga.kuznetsova",
      .email = "o.kuznetsova@meridian.example",
      .name = "Ольга",
      .last_name = "Кузнецова",
      .gender = "F",
      .birthday = "1993-01-30",
      .employed = "2019-06-17",
      .work_position = "Менеджер по продажам",
      .city = "Казань"},
     1},
    {{.login = "dmitry.volkov",
      .email = "d.volkov@meridian.example",
      .name = "Дмитрий",
      .last_name = "Волков",
      .gender = "M",
      .employed = "2020-03-23",
      .work_position = "Инженер поддержки",
      .city = "Самара",
      .inner_phone = "120"},
     4},
    {{.login = "emma.brown",
      .email = "e.brown@meridian.example",
      .name = "Emma",
      .last_name = "Brown",
      .gender = "F",
      .birthday = "1995-05-09",
      .employed = "2021-10-11",
      .work_position = "Marketing manager",
      .time_zone = "Europe/London",
      .city = "Bristol"},
     3},
    {{.login = "ivan.morozov",
      .email = "i.morozov@meridian.example",
      .name = "Иван",
      .last_name = "Морозов",
      .gender = "M",
      .birthday = "1982-09-25",
      .employed = "2016-01-18",
      .work_position = "Главный бухгалтер",
      .city = "Москва"},
     5},
    {{.login = "peter.novak",
      .email = "p.novak@meridian.example",
      .name = "Peter",
      .last_name = "Novak",
      .gender = "M",
      .employed = "2017-05-15",
      .dismissed = true,
      .work_position = "Sales manager",
      .city = "Leeds"},
     1},
};

enum { DEPARTMENTS = sizeof departments / sizeof departments[0] };
_Static_assert(sizeof people / sizeof people[0] == DEMO_PEOPLE, "as the header says");

struct company {
    struct request *req;
    int64_t today;
    int64_t departments[DEPARTMENTS];
    int64_t *people;
};

int64_t demo_moment(const struct request *req, int64_t today, int day, int minutes)
{
    return today + (int64_t)day * DEMO_DAY + minutes * 60 - zone_offset(req->zone, today);
}

static enum api_rc add_department(struct company *company, size_t at)
{
    struct db_stmt *stmt =
        db_prepare(company->req->db, "INSERT INTO department (name, sort, parent_id)"
                                     " VALUES ($1, $2, $3) RETURNING id");
    int parent = departments[at].parent;
    db_bind_textz(stmt, 1, departments[at].name);
    db_bind_int(stmt, 2, 100 * (int64_t)(at + 1));
    if (parent >= 0)
        db_bind_int(stmt, 3, company->departments[parent]);
    else
        db_bind_null(stmt, 3);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        company->departments[at] = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(company->req, rc);
}

/* A new portal has its root department already, without a name of its own. */
static enum api_rc name_root(struct company *company, bool *found)
{
    struct db_stmt *stmt =
        db_prepare(company->req->db, "UPDATE department SET name = $1 WHERE id = "
                                     "(SELECT min(id) FROM department WHERE"
                                     " parent_id IS NULL) RETURNING id");
    db_bind_textz(stmt, 1, departments[0].name);
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    if (*found)
        company->departments[0] = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(company->req, rc);
}

static enum api_rc add_departments(struct company *company)
{
    bool found;
    enum api_rc rc = name_root(company, &found);
    for (size_t i = found ? 1 : 0; rc == API_OK && i < DEPARTMENTS; i++)
        rc = add_department(company, i);
    return rc;
}

static enum api_rc set_head(struct company *company, size_t at)
{
    struct db_stmt *stmt =
        db_prepare(company->req->db, "UPDATE department SET head_id = $1 WHERE id = $2");
    db_bind_int(stmt, 1, company->people[departments[at].head]);
    db_bind_int(stmt, 2, company->departments[at]);
    return api_db(company->req, db_run(stmt));
}

static enum api_rc add_people(struct company *company)
{
    struct request *req = company->req;
    enum db_rc rc = DB_OK;
    company->people[0] = req->caller->user_id;
    for (size_t i = 0; i < DEMO_PEOPLE && rc == DB_OK; i++) {
        struct user_new user = people[i].user;
        int64_t since = demo_moment(req, company->today, -400 + (int)i * 30, 9 * 60);
        user.departments = &company->departments[people[i].department];
        user.department_count = 1;
        user.last_login =
            user.dismissed ? 0 : demo_moment(req, company->today, -1, 8 * 60 + (int)i * 7);
        rc = i ? user_insert(req->db, req->zone, since, &user, &company->people[i])
               : user_fill(req->db, req->zone, company->today, company->people[0], &user);
    }
    enum api_rc done = api_db(req, rc);
    for (size_t i = 0; i < DEPARTMENTS && done == API_OK; i++)
        done = set_head(company, i);
    return done;
}

enum api_rc demo_people(struct request *req, int64_t today, int64_t ids[DEMO_PEOPLE])
{
    struct company company = {.req = req, .today = today, .people = ids};
    enum api_rc rc = add_departments(&company);
    return rc == API_OK ? add_people(&company) : rc;
}
