#include "app/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "rest/control.h"
#include "rest/dispatch.h"

#define MESSAGE_BYTES 65536 /* of a question; an answer is as long as it is */
#define PATIENCE_S 10       /* for the other side to send or take the next bytes */

struct control_socket {
    struct portal *portal;
    pthread_t thread;
    int listener, wake[2];
};

/* ---- both sides ---- */

/* A socket's address holds 107 bytes, a data directory's path may be longer: so it is named through
 * an open descriptor of the directory. */
static bool make_address(int folder, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/control.sock", folder);
    return folder >= 0;
}

static int open_folder(const char *data_dir)
{
    return open(data_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void set_patience(int fd)
{
    struct timeval patience = {.tv_sec = PATIENCE_S};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static bool send_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        len -= (size_t)sent;
    }
    return shutdown(fd, SHUT_WR) == 0;
}

/* Until the other side has ended; false: it did not, or sent more than `most` bytes. */
static bool receive_all(int fd, struct buf *in, size_t most)
{
    char part[4096];
    ssize_t got;
    while ((got = recv(fd, part, sizeof part, 0)) > 0 && in->len + (size_t)got <= most)
        buf_add(in, part, (size_t)got);
    return got == 0;
}

/* ---- the server's side ---- */

static void run_message(struct request *req, const struct value *message)
{
    struct writer_mark mark = writer_mark(req->out);
    const struct value *action = value_get(message, "action"),
                       *params = value_get(message, "params");
    if (value_is_array(params))
        req->params = params;
    enum api_rc rc = action && action->type == VALUE_STRING
                         ? control_run(req, action->string.text)
                         : api_fail(req, API_ERR_INVALID_REQUEST, NULL);
    if (rc == API_OK)
        return;
    if (rc == API_STORE)
        api_fail(req, API_ERR_INTERNAL, NULL);
    writer_rewind(req->out, mark);
    error_write(req->out, &req->error);
}

static void answer_message(struct control_socket *control, int fd)
{
    struct arena arena;
    struct caller caller = {.user_id = 1, .is_admin = true};
    struct buf in = {0}, out = {0};
    struct writer writer;
    const char *why = NULL;
    arena_init(&arena);
    writer_init(&writer, &out);
    struct request req = {.arena = &arena,
                          .portal = control->portal,
                          .zone = control->portal->zone,
                          .caller = &caller,
                          .params = value_array(&arena),
                          .out = &writer,
                          .total = -1,
                          .next = -1,
                          .now = portal_now(control->portal)};
    set_patience(fd);
    if (receive_all(fd, &in, MESSAGE_BYTES)) {
        run_message(&req, in.len ? json_parse(&arena, in.data, in.len, &why) : NULL);
        send_all(fd, out.data, out.len);
    }
    buf_clear(&in);
    buf_clear(&out);
    arena_clear(&arena);
}

static void *serve(void *context)
{
    struct control_socket *control = context;
    struct pollfd fds[] = {{.fd = control->wake[0], .events = POLLIN},
                           {.fd = control->listener, .events = POLLIN}};
    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (fds[0].revents)
            return NULL;
        int fd = fds[1].revents ? accept4(control->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (fd < 0)
            continue;
        answer_message(control, fd);
        close(fd);
    }
}

/* The data directory's lock is held: a socket that is there already is a dead server's. */
static bool listen_here(struct control_socket *control, struct buf *why)
{
    struct sockaddr_un address;
    int folder = open_folder(control->portal->data_dir);
    bool good = make_address(folder, &address);
    if (good)
        unlinkat(folder, "control.sock", 0);
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t old = umask(0177);
    good = good && control->listener >= 0 &&
           bind(control->listener, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(control->listener, 16) == 0;
    umask(old);
    if (!good)
        buf_printf(why, "cannot make control.sock in the data directory: %s", strerror(errno));
    if (folder >= 0)
        close(folder);
    return good;
}

struct control_socket *control_socket_start(struct portal *portal, struct buf *why)
{
    struct control_socket *control = xcalloc(1, sizeof *control);
    control->portal = portal;
    CHECK(pipe2(control->wake, O_CLOEXEC) == 0);
    if (listen_here(control, why)) {
        CHECK(pthread_create(&control->thread, NULL, serve, control) == 0);
        return control;
    }
    if (control->listener >= 0)
        close(control->listener);
    close(control->wake[0]);
    close(control->wake[1]);
    free(control);
    return NULL;
}

void control_socket_stop(struct control_socket *control)
{
    if (!control)
        return;
    CHECK(write(control->wake[1], "x", 1) == 1);
    pthread_join(control->thread, NULL);
    close(control->listener);
    close(control->wake[0]);
    close(control->wake[1]);
    int folder = open_folder(control->portal->data_dir);
    if (folder >= 0) {
        unlinkat(folder, "control.sock", 0);
        close(folder);
    }
    free(control);
}

/* ---- the command's side ---- */

static enum control_asked read_answer(struct buf *answer, struct buf *why)
{
    struct arena arena;
    const char *wrong = NULL;
    enum control_asked asked = CONTROL_DONE;
    arena_init(&arena);
    const struct value *value = json_parse(&arena, answer->data, answer->len, &wrong);
    const struct value *text = value_get(value, "error_description");
    if (text && value_get(value, "error") && text->type == VALUE_STRING) {
        buf_adds(why, text->string.text);
        asked = CONTROL_REFUSED;
    }
    arena_clear(&arena);
    return asked;
}

enum control_asked control_socket_ask(const char *data_dir, const char *action, const char *params,
                                      struct buf *answer, struct buf *why)
{
    struct sockaddr_un address;
    struct buf question = {0};
    enum control_asked asked = CONTROL_TROUBLE;
    int folder = open_folder(data_dir);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!make_address(folder, &address) || fd < 0) {
        buf_printf(why, "there is no data directory %s", data_dir);
    } else if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        asked = errno == ENOENT || errno == ECONNREFUSED ? CONTROL_NO_SERVER : CONTROL_TROUBLE;
        buf_printf(why, "cannot reach the server of %s: %s", data_dir,
                   asked == CONTROL_NO_SERVER ? "none is running" : strerror(errno));
    } else {
        set_patience(fd);
        buf_printf(&question, "{\"action\":\"%s\",\"params\":%s}", action, params);
        if (send_all(fd, question.data, question.len) && receive_all(fd, answer, 1UL << 30) &&
            answer->len)
            asked = read_answer(answer, why);
        else
            buf_printf(why, "the server of %s does not answer", data_dir);
    }
    buf_clear(&question);
    if (fd >= 0)
        close(fd);
    if (folder >= 0)
        close(folder);
    return asked;
}
