#include "rest/html.h"

void html_begin(struct call *call, int status, const char *title)
{
    call->answer.len = 0;
    call->reply.status = status;
    call->reply.type = "text/html; charset=utf-8";
    call_reply_header(call, "Content-Security-Policy",
                      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
                      "base-uri 'none'");
    call_reply_header(call, "X-Frame-Options", "DENY");
    call_reply_header(call, "X-Content-Type-Options", "nosniff");
    call_reply_header(call, "Referrer-Policy", "no-referrer");
    call_reply_header(call, "Cache-Control", "no-store");
    html_markup(call, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                      "<title>");
    html_text(call, title);
    html_markup(
        call,
        " - Rapport</title><style>"
        "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem;"
        "color:#1d2733;background:#f6f7f9}main{background:#fff;border:1px solid #dde2e8;"
        "border-radius:8px;padding:1.5rem 2rem}h1{font-size:1.25rem}label{display:block;"
        "margin:.75rem 0}input{display:block;width:100%;box-sizing:border-box;font:inherit;"
        "padding:.5rem;border:1px solid #aab4c0;border-radius:4px}button{font:inherit;"
        "padding:.5rem 1.25rem;margin:.75rem .5rem 0 0;border:1px solid #1f5fbf;border-radius:4px;"
        "background:#1f5fbf;color:#fff}button.plain{background:#fff;color:#1f5fbf}"
        ".wrong{color:#b3261e}@media(prefers-color-scheme:dark){body{background:#14181d;"
        "color:#e4e8ed}main{background:#1d232a;border-color:#333c47}input{background:#14181d;"
        "color:inherit}.wrong{color:#ff8a80}button.plain{background:none;color:#8ab4ff}}"
        "</style></head><body><main><h1>");
    html_text(call, title);
    html_markup(call, "</h1>");
}

void html_end(struct call *call)
{
    html_markup(call, "</main></body></html>\n");
}

void html_text(struct call *call, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            buf_adds(&call->answer, "&amp;");
            break;
        case '<':
            buf_adds(&call->answer, "&lt;");
            break;
        case '>':
            buf_adds(&call->answer, "&gt;");
            break;
        case '"':
            buf_adds(&call->answer, "&quot;");
            break;
        case '\'':
            buf_adds(&call->answer, "&#39;");
            break;
        default:
            buf_addc(&call->answer, *text);
        }
    }
}

void html_markup(struct call *call, const char *markup)
{
    buf_adds(&call->answer, markup);
}

void html_hidden(struct call *call, const char *name, const char *value)
{
    html_markup(call, "<input type=\"hidden\" name=\"");
    html_text(call, name);
    html_markup(call, "\" value=\"");
    html_text(call, value);
    html_markup(call, "\">");
}

enum api_rc html_message(struct call *call, int status, const char *title, const char *text)
{
    html_begin(call, status, title);
    html_markup(call, "<p>");
    html_text(call, text);
    html_markup(call, "</p>");
    html_end(call);
    return API_OK;
}
