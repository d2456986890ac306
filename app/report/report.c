/* The report's page: the data, and the script and style sheet from web/ that draw it. Nothing in it
 * asks the network for anything. */
#include "report/report.h"

#include "report/assets.h"
#include "support/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct words {
    const char *language, *page, *report, *no_script;
} words;

/* The first one is taken where nothing fits. page  as in the document; NULL: that of a measure */
static const words all_words[] = {
    { "en", NULL, "What it saved",
      "This page draws its figures with a script of its own, which is switched off here. The same "
      "figures are in the evidence record and in the table of meters." },
    { "ko", NULL, "절감 효과 보고서",
      "이 보고서는 파일 안의 스크립트로 그림과 표를 그리는데, 지금은 스크립트가 꺼져 있습니다. "
      "같은 값은 "
      "증거 기록(record)과 계량기별 표에 있습니다." },
    { "en", "validation", "Do the intervals hold?",
      "This page draws its figures with a script of its own, which is switched off here. The same "
      "figures are what 'madang validate' prints." },
    { "ko", "validation", "구간은 믿을 만한가?",
      "이 보고서는 파일 안의 스크립트로 그림과 표를 그리는데, 지금은 스크립트가 꺼져 있습니다. "
      "같은 값은 'madang validate'가 출력합니다." },
    { "en", "pool", "What worked elsewhere",
      "This page draws its figures with a script of its own, which is switched off here. The same "
      "figures are what 'madang pool' prints." },
    { "ko", "pool", "다른 도시에서 통한 것",
      "이 보고서는 파일 안의 스크립트로 그림과 표를 그리는데, 지금은 스크립트가 꺼져 있습니다. "
      "같은 값은 'madang pool'이 출력합니다." },
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static const words *words_of(const char *language, const char *page)
{
    for (size_t i = 0; i < sizeof all_words / sizeof *all_words; i++)
        if (same(all_words[i].language, language) && same(all_words[i].page, page))
            return &all_words[i];
    return &all_words[0];
}

static void put_html(FILE *out, const char *s)
{
    for (; *s; s++) {
        switch (*s) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*s, out);
        }
    }
}

/* Inside a script element only '<' could end it or open a comment; JSON has it in strings alone,
 * where it may be written as an escape. */
static int put_escaped(const char *buffer, size_t size, void *file)
{
    FILE *out = file;
    for (size_t i = 0; i < size; i++) {
        if (buffer[i] == '<')
            fputs("\\u003c", out);
        else
            fputc(buffer[i], out);
    }
    return ferror(out) ? -1 : 0;
}

static void put_head(FILE *out, const words *w, const char *title)
{
    fprintf(out,
            "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:\">\n"
            "<meta name=\"generator\" content=\"madang %s\">\n<title>",
            w->language, MDG_VERSION);
    put_html(out, title);
    fprintf(out, " · %s</title>\n<style>\n", w->report);
    fwrite(asset_report_css, 1, asset_report_css_len, out);
    fputs("</style>\n</head>\n", out);
}

mdg_status report_write(const json_t *data, FILE *out, mdg_error *err)
{
    const words *w = words_of(json_string_value(json_object_get(data, "lang")),
                              json_string_value(json_object_get(data, "page")));
    const char *title =
        json_string_value(json_object_get(json_object_get(data, "measure"), "title"));
    put_head(out, w, title ? title : "madang");
    fprintf(out,
            "<body>\n<main id=\"report\"><noscript>%s</noscript></main>\n"
            "<script type=\"application/json\" id=\"data\">",
            w->no_script);
    /* Twelve digits are more than any figure here deserves, and half the size of all of them. */
    if (json_dump_callback(data, put_escaped, out,
                           JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(12)) != 0)
        return mdg_fail(err, MDG_E_WRITE, "cannot write the report: %s", strerror(errno));
    fputs("</script>\n<script>\n", out);
    fwrite(asset_report_js, 1, asset_report_js_len, out);
    fputs("</script>\n</body>\n</html>\n", out);
    if (ferror(out))
        return mdg_fail(err, MDG_E_WRITE, "cannot write the report: %s", strerror(errno));
    return MDG_OK;
}

mdg_status report_write_file(const json_t *data, const char *temp, const char *path, mdg_error *err)
{
    FILE *f = fopen(temp, "wb");
    if (!f)
        return mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", path, strerror(errno));
    mdg_status s = report_write(data, f, err);
    if (fclose(f) != 0 && s == MDG_OK)
        s = mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", path, strerror(errno));
    return s;
}

/* ---- a page by itself ----------------------------------------------------------------------- */

static mdg_status announce(output_set *outputs, const char *path, const char *const *inputs,
                           size_t n, mdg_error *err)
{
    const char *temp;
    MDG_TRY(output_add(outputs, path, &temp, err));
    for (size_t i = 0; i < n; i++)
        MDG_TRY(output_check_input(outputs, inputs[i], err));
    return MDG_OK;
}

mdg_status report_check(const char *path, const char *const *inputs, size_t n, mdg_error *err)
{
    output_set outputs = { .n = 0 };
    mdg_status s = announce(&outputs, path, inputs, n, err);
    output_discard(&outputs);
    return s;
}

mdg_status report_publish(const json_t *data, const char *path, const char *const *inputs, size_t n,
                          mdg_error *err)
{
    output_set outputs = { .n = 0 };
    mdg_status s = announce(&outputs, path, inputs, n, err);
    if (s == MDG_OK)
        s = report_write_file(data, outputs.files[0].temp, path, err);
    if (s == MDG_OK)
        s = output_commit(&outputs, err);
    output_discard(&outputs);
    return s;
}
