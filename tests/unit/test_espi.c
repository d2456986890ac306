/* Links, names and series of Green Button files. */
#include "import/espi.h"
#include "unit.h"

enum { HOUR = 3600, DAY = 86400, WH = 72, WATT = 38 };

static void links_become_paths(void **state)
{
    (void)state;
    static const struct {
        const char *href, *want;
    } rows[] = {
        { "https://dc.example.com/espi/1_1/resource/ReadingType/7", "ReadingType/7" },
        { "http://other:8080/x/espi/1_1/resource/ReadingType/7/", "ReadingType/7" },
        { "/espi/1_1/resource/ReadingType/7?published-min=2022", "ReadingType/7" },
        { "ReadingType/7#top", "ReadingType/7" },
        { "https://dc.example.com/UsagePoint/1", "UsagePoint/1" },
        { "https://dc.example.com", "" },
        { "UsagePoint/a://b", "UsagePoint/a://b" },
        { "urn:uuid:1", "urn:uuid:1" },
        { "///", "" },
        { "", "" },
    };
    mdg_arena mem = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(espi_path(rows[i].href, &mem), rows[i].want);
    mdg_arena_free(&mem);
}

static void an_index_keeps_ten_thousand(void **state)
{
    (void)state;
    enum { N = 10000 };
    mdg_arena mem = { 0 };
    espi_index index = { 0 };
    char key[32];
    assert_true(espi_find(&index, "a", 1) == ESPI_NONE);
    for (size_t i = 0; i < N; i++) {
        snprintf(key, sizeof key, "UsagePoint/%zu", i);
        assert_true(espi_keep(&index, mdg_arena_strdup(&mem, key), i, &mem));
    }
    for (size_t i = 0; i < N; i++) {
        int n = snprintf(key, sizeof key, "UsagePoint/%zu/x", i);
        assert_true(espi_find(&index, key, (size_t)n - 2) == i);
        assert_true(espi_find(&index, key, (size_t)n) == ESPI_NONE);
    }
    mdg_arena_free(&mem);
}

/* A MeterReading whose n readings of one length begin at a time. */
typedef struct series {
    const char *path;
    int uom, flow;
    int64_t start, length;
    size_t n;
    const char *want; /* id, or NULL: left out */
} series;

enum { MOST = 6 };

static mdg_status choose(espi *e, const series *given, const char *name, mdg_error *err)
{
    static const char up[] = "/MeterReading/1";
    e->files = mdg_new(&e->mem, espi_file, 1);
    if (!e->files)
        return MDG_E_MEMORY;
    e->files[0].path = "g.xml";
    for (size_t i = 0; i < MOST && given[i].path; i++) {
        const series *s = &given[i];
        char self[200];
        snprintf(self, sizeof self, "%s%s", s->path, *s->path ? up : "");
        e->types = espi_more(&e->mem, e->types, e->n_types, sizeof *e->types);
        e->readings = espi_more(&e->mem, e->readings, e->n_readings, sizeof *e->readings);
        char *type = mdg_new(&e->mem, char, 8), *path = mdg_arena_strdup(&e->mem, self);
        if (!e->types || !e->readings || !type || !path)
            return MDG_E_MEMORY;
        snprintf(type, 8, "T/%zu", i);
        e->types[e->n_types++] =
            (espi_type){ .uom = s->uom, .flow = s->flow, .commodity = 1, .accumulation = 4 };
        int64_t all = s->length * (int64_t)s->n;
        e->readings[e->n_readings++] =
            (espi_reading){ .self = path,
                            .related = type,
                            .n_related = 1,
                            .span = { s->n, (double)all, s->start, s->start + all } };
        if (!espi_keep(&e->files[0].types, type, i, &e->mem))
            return MDG_E_MEMORY;
    }
    const char *quantity = NULL;
    MDG_TRY(espi_link(e, &e->files[0], err));
    return espi_choose(e, name, &quantity, err);
}

static const struct {
    const char *words, *name;
    series of[MOST];
} feeds[] = {
    { "names that are alone",
      NULL,
      { { "S/5/UsagePoint/1", WH, 1, 0, HOUR, 24, "1" },
        { "S/5/UsagePoint/2", WH, 1, 0, HOUR, 24, "2" } } },
    { "as much of the path as tells apart",
      NULL,
      { { "A/x/S/5/UsagePoint/1", WH, 1, 0, HOUR, 24, "x/S/5/UsagePoint/1" },
        { "A/y/S/5/UsagePoint/1", WH, 1, 0, HOUR, 24, "y/S/5/UsagePoint/1" },
        { "A/y/S/6/UsagePoint/1", WH, 19, 0, HOUR, 24, "y/S/6/UsagePoint/1/export" },
        { "A/y/S/6/UsagePoint/2", WH, 1, 0, HOUR, 24, "2" } } },
    { "a path that ends another",
      NULL,
      { { "UsagePoint/1", WH, 1, 0, HOUR, 24, "UsagePoint/1" },
        { "S/UsagePoint/1", WH, 1, 0, HOUR, 24, "S/UsagePoint/1" } } },
    { "no path at all", NULL, { { "", WH, 1, 0, HOUR, 24, "meter" } } },
    { "no usage point", NULL, { { "x/y", WH, 1, 0, HOUR, 24, "1" } } },
    { "a name asked for",
      "house",
      { { "UsagePoint/1", WH, 1, 0, HOUR, 24, "house" },
        { "UsagePoint/1", WH, 19, 0, HOUR, 24, "house/export" } } },
    { "the finest that covers",
      NULL,
      { { "UsagePoint/1", WH, 1, 0, DAY, 10, NULL },
        { "UsagePoint/1", WH, 1, 0, HOUR, 220, "1" },
        { "UsagePoint/1", WH, 1, 0, 900, 100, NULL } } },
    { "what covers too little, and what comes after",
      NULL,
      { { "UsagePoint/1", WH, 1, 0, DAY, 10, "1" },
        { "UsagePoint/1", WH, 1, 0, HOUR, 100, NULL },
        { "UsagePoint/1", WH, 1, 10 * DAY, 900, 96, "1" } } },
    { "files that follow each other are one series",
      NULL,
      { { "UsagePoint/1", WH, 1, 0, DAY, 60, NULL },
        { "UsagePoint/1", WH, 1, 0, HOUR, 24 * 31, "1" },
        { "UsagePoint/1", WH, 1, 31 * DAY, HOUR, 24 * 28, "1" } } },
    { "energy before power",
      NULL,
      { { "UsagePoint/1", WATT, 1, 0, HOUR, 24, NULL },
        { "UsagePoint/1", WH, 1, 0, HOUR, 24, "1" } } },
    { "net only", NULL, { { "UsagePoint/1", WH, 4, 0, HOUR, 24, "1" } } },
    { "net beside the others",
      NULL,
      { { "UsagePoint/1", WH, 4, 0, HOUR, 24, "1/net" },
        { "UsagePoint/1", WH, 19, 0, HOUR, 24, "1/export" },
        { "UsagePoint/1", WH, 1, 0, HOUR, 24, "1" } } },
    { "an unknown unit",
      NULL,
      { { "UsagePoint/1", 61, 1, 0, HOUR, 24, NULL }, { "UsagePoint/1", WH, 1, 0, DAY, 1, "1" } } },
};

static void check_feed(size_t f, const espi *e)
{
    for (size_t i = 0; i < e->n_readings; i++) {
        size_t at = e->readings[i].series;
        const char *id = at != ESPI_NONE && e->series[at].kept ? e->series[at].id : NULL;
        const char *want = feeds[f].of[i].want;
        if (id != want && (!id || !want || strcmp(id, want) != 0))
            fail_msg("%s: series %zu is %s, not %s", feeds[f].words, i, id ? id : "left out",
                     want ? want : "left out");
    }
}

static void series_and_names(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof feeds / sizeof *feeds; f++) {
        espi e = { 0 };
        mdg_error err = { 0 };
        if (choose(&e, feeds[f].of, feeds[f].name, &err) != MDG_OK)
            fail_msg("%s: %s", feeds[f].words, err.message);
        check_feed(f, &e);
        mdg_arena_free(&e.mem);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof feeds / sizeof *feeds; f++) {
        mdg_status s = MDG_E_MEMORY;
        for (long k = 1; s != MDG_OK; k++) {
            espi e = { .mem = { .fail_after = k } };
            s = choose(&e, feeds[f].of, feeds[f].name, NULL);
            assert_true(s == MDG_OK || s == MDG_E_MEMORY);
            assert_true(k < 1000);
            mdg_arena_free(&e.mem);
        }
    }
}

static void one_name_for_two_meters(void **state)
{
    (void)state;
    espi e = { 0 };
    mdg_error err = { 0 };
    assert_int_equal(choose(&e, feeds[0].of, "house", &err), MDG_E_USAGE);
    mdg_arena_free(&e.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_become_paths),      cmocka_unit_test(an_index_keeps_ten_thousand),
        cmocka_unit_test(series_and_names),        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(one_name_for_two_meters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
