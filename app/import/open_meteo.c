/* Open-Meteo's JSON: one answer, or a list of answers for several places. Times have no offset:
 * they are local by the answer's utc_offset_seconds, or seconds since 1970 when the request asked
 * so. */
#include "import/format.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

static mdg_status wrong(const char *path, const char *what, const char *hint, mdg_error *err)
{
    mdg_fail(err, MDG_E_SCHEMA, "'%s' %s", path, what);
    mdg_hint(err, "%s", hint);
    return MDG_E_SCHEMA;
}

static bool two_digits(const char *s, int most, int *out)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
        return false;
    *out = (s[0] - '0') * 10 + s[1] - '0';
    return *out <= most;
}

/* "2022-01-01T00:00" as seconds, without any offset. */
static bool parse_time(const char *given, int64_t *seconds)
{
    int hour, minute;
    if (strlen(given) != 16 || given[10] != 'T' || given[13] != ':' ||
        !two_digits(given + 11, 23, &hour) || !two_digits(given + 14, 59, &minute))
        return false;
    char date[11];
    memcpy(date, given, 10);
    date[10] = '\0';
    int32_t day;
    if (mdg_day_parse(date, &day, NULL) != MDG_OK)
        return false;
    *seconds = (int64_t)day * 86400 + hour * 3600 + minute * 60;
    return true;
}

typedef struct answer {
    const json_t *time, *temp, *ghi; /* ghi may be NULL */
    const char *station;
    int64_t offset;
    bool fahrenheit;
} answer;

static mdg_status check_units(const json_t *units, const char *path, answer *a, mdg_error *err)
{
    const char *temp = json_string_value(json_object_get(units, "temperature_2m"));
    const char *time = json_string_value(json_object_get(units, "time"));
    if (!temp || (strcmp(temp, "°C") != 0 && strcmp(temp, "°F") != 0))
        return wrong(path, "does not say the unit of its temperatures",
                     "keep the part hourly_units of the answer", err);
    a->fahrenheit = strcmp(temp, "°F") == 0;
    /* Seconds since 1970 are of UTC, whatever the offset. */
    if (time && strcmp(time, "unixtime") == 0)
        a->offset = 0;
    return MDG_OK;
}

static mdg_status open_answer(const json_t *j, const char *path, answer *a, mdg_error *err)
{
    const json_t *hourly = json_object_get(j, "hourly");
    const char *reason = json_string_value(json_object_get(j, "reason"));
    if (json_is_true(json_object_get(j, "error"))) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' is an answer about an error: %.200s", path,
                 reason ? reason : "no reason given");
        mdg_hint(err, "correct the request and fetch it again");
        return MDG_E_SCHEMA;
    }
    a->time = json_object_get(hourly, "time");
    a->temp = json_object_get(hourly, "temperature_2m");
    a->ghi = json_object_get(hourly, "shortwave_radiation");
    if (!json_is_array(a->time) || !json_is_array(a->temp))
        return wrong(path, "has no hourly time and temperature_2m",
                     "request hourly=temperature_2m from Open-Meteo", err);
    if (json_array_size(a->time) != json_array_size(a->temp) ||
        (a->ghi && json_array_size(a->ghi) != json_array_size(a->time)))
        return wrong(path, "has lists of different lengths", "fetch it again", err);
    const json_t *offset = json_object_get(j, "utc_offset_seconds");
    if (!json_is_integer(offset) || json_integer_value(offset) < -50400 ||
        json_integer_value(offset) > 50400)
        return wrong(path, "does not say its utc_offset_seconds",
                     "keep that part of the answer: its times have no offset", err);
    a->offset = json_integer_value(offset);
    return check_units(json_object_get(j, "hourly_units"), path, a, err);
}

static mdg_status bad_entry(const char *path, const char *what, size_t i, mdg_error *err)
{
    mdg_fail(err, MDG_E_PARSE, "a %s that cannot be read", what);
    mdg_hint(err, "fetch the file again");
    mdg_place(err, "%s, entry %zu of hourly", path, i + 1);
    return MDG_E_PARSE;
}

static mdg_status read_answer(const answer *a, const char *path, format_rows *to, mdg_error *err)
{
    for (size_t i = 0; i < json_array_size(a->time); i++) {
        const json_t *time = json_array_get(a->time, i), *temp = json_array_get(a->temp, i);
        const json_t *ghi = a->ghi ? json_array_get(a->ghi, i) : NULL;
        format_row r = { .id = a->station, .value = MDG_NAN, .ghi = MDG_NAN };
        if (json_is_integer(time))
            r.start = json_integer_value(time);
        else if (!json_is_string(time) || !parse_time(json_string_value(time), &r.start))
            return bad_entry(path, "time", i, err);
        r.start -= a->offset;
        if (r.start < ROWS_FIRST_TIME || r.start > ROWS_LAST_TIME)
            return bad_entry(path, "time outside 1900 to 2200, or one", i, err);
        if (json_is_number(temp))
            r.value = json_number_value(temp);
        else if (!json_is_null(temp))
            return bad_entry(path, "temperature", i, err);
        if (a->fahrenheit)
            r.value = (r.value - 32) / 1.8;
        if (json_is_number(ghi))
            r.ghi = json_number_value(ghi);
        MDG_TRY(rows_add(to, &r, err));
    }
    return MDG_OK;
}

/* Places are named by their coordinates, as answered; one that does not tell them is `all`. */
static void name_place(const json_t *j, char name[64])
{
    const json_t *latitude = json_object_get(j, "latitude");
    const json_t *longitude = json_object_get(j, "longitude");
    if (json_is_number(latitude) && json_is_number(longitude))
        snprintf(name, 64, "%.4f_%.4f", json_number_value(latitude), json_number_value(longitude));
    else
        snprintf(name, 64, "all");
}

static mdg_status read_document(const json_t *root, const char *path, format_rows *to,
                                mdg_error *err)
{
    size_t n = json_is_object(root) ? 1 : json_array_size(root);
    for (size_t i = 0; i < n; i++) {
        const json_t *j = json_is_object(root) ? root : json_array_get(root, i);
        char station[64];
        name_place(j, station);
        answer a = { .station = station };
        MDG_TRY(open_answer(j, path, &a, err));
        MDG_TRY(read_answer(&a, path, to, err));
    }
    return MDG_OK;
}

static mdg_status load(const char *path, json_t **root, mdg_error *err)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        mdg_fail(err, MDG_E_OPEN, "cannot open '%s': %s", path, strerror(errno));
        mdg_hint(err, "check the name");
        return MDG_E_OPEN;
    }
    json_error_t why;
    *root = json_loadf(f, JSON_REJECT_DUPLICATES, &why);
    fclose(f);
    if (*root)
        return MDG_OK;
    mdg_fail(err, MDG_E_PARSE, "this is no JSON: %.200s", why.text);
    mdg_hint(err, "fetch the file again; is it whole?");
    mdg_place(err, "%s:%d", path, why.line);
    return MDG_E_PARSE;
}

mdg_status open_meteo_read(const char *const *paths, size_t n, format_rows *to, mdg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        json_t *root = NULL;
        MDG_TRY(load(paths[i], &root, err));
        mdg_status s = read_document(root, paths[i], to, err);
        json_decref(root);
        MDG_TRY(s);
    }
    return MDG_OK;
}
