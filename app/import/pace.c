/* How often stations report. An airport reports by the hour, and once more when the weather turns;
 * taking such a report for the rhythm would move all the others by half an hour. */
#include "import/pace.h"

#include "import/hourly.h"

/* For each station: the usual time between readings and the usual second within the hour; how many
 * readings are at that second, and how many are alone, with none at that second within an hour. */
#define PACE                                                                                      \
    "CREATE OR REPLACE TEMP TABLE pace AS SELECT station, any_value(usual) AS usual, mode(d) "    \
    "FILTER (d > 0) AS every, count(*) AS n, count(*) FILTER (s % 3600 = usual) AS n_usual, "     \
    "count(*) FILTER (s % 3600 <> usual AND coalesce(s - before >= 3600, true) AND coalesce("     \
    "after - s >= 3600, true)) AS n_alone FROM (SELECT *, max(CASE WHEN s % 3600 = usual THEN s " \
    "END) OVER (PARTITION BY station ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT "    \
    "ROW) AS before, min(CASE WHEN s % 3600 = usual THEN s END) OVER (PARTITION BY station "      \
    "ORDER BY s ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS after FROM (SELECT "         \
    "station, s, s - lag(s) OVER (PARTITION BY station ORDER BY s) AS d, mode(s % 3600) OVER "    \
    "(PARTITION BY station) AS usual FROM placed WHERE temp_c IS NOT NULL)) GROUP BY station"
/* Most readings at one second, on the hour or the half, and hardly one that stands for an hour
 * without such. */
#define REGULAR "every = 3600 AND usual % 1800 = 0 AND 2 * n_usual > n AND 20 * n_alone <= n"
#define IRREGULAR "every <= 3600 AND NOT (" REGULAR ")"

static mdg_status leave_out_odd(duckdb_connection con, int64_t *n, mdg_error *err)
{
    MDG_TRY(store_int(con,
                      "SELECT count(*) FROM placed JOIN pace USING (station) WHERE " REGULAR
                      " AND s % 3600 <> usual",
                      n, NULL, err));
    if (*n == 0)
        return MDG_OK;
    return store_run(con,
                     "DELETE FROM placed USING pace WHERE placed.station = pace.station "
                     "AND " REGULAR " AND s % 3600 <> usual",
                     err);
}

mdg_status pace_make_hourly(duckdb_connection con, bool extras, pace_counts *out, mdg_error *err)
{
    *out = (pace_counts){ 0 };
    MDG_TRY(store_run(con, PACE, err));
    MDG_TRY(leave_out_odd(con, &out->off_hour, err));
    MDG_TRY(store_int(con,
                      "SELECT count(*) FROM placed WHERE station IN (SELECT station FROM pace "
                      "WHERE " IRREGULAR ")",
                      &out->irregular, NULL, err));
    if (out->irregular == 0)
        return MDG_OK;
    if (extras) {
        mdg_fail(err, MDG_E_UNSUPPORTED, "further columns of weather that is not hourly");
        mdg_hint(err, "leave them out of --columns, or give hourly weather");
        return MDG_E_UNSUPPORTED;
    }
    MDG_TRY(store_run(con,
                      "CREATE OR REPLACE TEMP TABLE irregular AS SELECT * FROM placed WHERE "
                      "station IN (SELECT station FROM pace WHERE " IRREGULAR "); DELETE FROM "
                      "placed WHERE station IN (SELECT station FROM irregular)",
                      err));
    MDG_TRY(hourly_means(con, "irregular", "hourly", err));
    return store_run(con,
                     "INSERT INTO placed SELECT station, s, temp_c, row FROM hourly; DROP TABLE "
                     "hourly; DROP TABLE irregular",
                     err);
}
