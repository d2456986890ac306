/* Small helpers for building JSON. */
#include "measure/json.h"

json_t *json_number_or_null(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

json_t *json_text_or_null(const char *s)
{
    return s && *s ? json_string(s) : json_null();
}

json_t *json_day(int32_t day)
{
    char text[11];
    mdg_day_format(day, text);
    return json_string(text);
}

json_t *json_estimate(const mdg_estimate *e)
{
    return json_pack("{s:o, s:o, s:o}", "value", json_number_or_null(e->value), "lo",
                     json_number_or_null(e->lo), "hi", json_number_or_null(e->hi));
}

json_t *effect_json(const mdg_estimate *e, double level)
{
    double z = mdg_normal_two_sided(level);
    return json_pack("{s:o, s:o, s:[o, o]}", "value", json_number_or_null(e->value), "se",
                     json_number_or_null((e->hi - e->lo) / (2 * z)), "ci",
                     json_number_or_null(e->lo), json_number_or_null(e->hi));
}

json_t *json_count(size_t n)
{
    return json_integer((json_int_t)n);
}
