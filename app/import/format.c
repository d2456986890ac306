/* The table of formats. */
#include "import/format.h"

#include <string.h>

/* The quality codes of NOAA that mean suspect or erroneous: 2, 3, 6, 7. A value in another form is
 * handed on as words, and is refused as no number. */
#define ISD_SELECT                                                                                \
    "SELECT \"STATION\" AS station, trim(\"DATE\") || CASE WHEN \"DATE\" LIKE '%Z' THEN '' ELSE " \
    "'Z' END AS start, CASE WHEN trim(\"TMP\") = '' THEN '' WHEN NOT regexp_full_match(trim("     \
    "\"TMP\"), '[+-]?[0-9]{4},[0-9A-Z]') THEN 'TMP is ' || \"TMP\" WHEN contains(\"TMP\", "       \
    "'9999') OR regexp_matches(trim(\"TMP\"), '[2367]$') THEN '' ELSE (split_part(\"TMP\", ',', " \
    "1)::DOUBLE / 10)::VARCHAR END AS temp"
/* What a quality code of GHCNh means depends on the source of the value. Kept are values without a
 * code; of the sources 220 to 223, 347 and 348: 0 not checked, 1 good, 4 calculated (2, 3, 5 are
 * suspect, erroneous, removed); of all others the codes of ISD but 2, 3, 6 and 7. Other letters, in
 * particular small ones, name the check of the archive that failed. Codes may be followed by their
 * words ("1-Passed"). The source stands behind the quality, in files that have it.
 * source GHCNh documentation, section VI and table 3 */
#define GHCNH_SELECT                                                                             \
    "SELECT [*COLUMNS(lambda c: c IN ('temperature_Quality_Code', 'temperature_Source_Code'))] " \
    "AS "                                                                                        \
    "codes, CASE WHEN CASE WHEN regexp_matches(codes[2], '^ *(22[0-3]|34[78])([^0-9]|$)') "      \
    "THEN split_part(trim(coalesce(codes[1], '')), '-', 1) IN ('', '0', '1', '4') ELSE "         \
    "split_part(trim(coalesce(codes[1], '')), '-', 1) IN ('', '0', '1', '4', '5', '9', 'A', "    \
    "'C', 'I', 'M', 'P', 'R', 'U') END AND coalesce(trim(temperature), '') NOT IN ('-9999', "    \
    "'9999', '999.9') THEN temperature ELSE '' END AS temp, "
#define GHCNH_DATE                                                                                 \
    GHCNH_SELECT                                                                                   \
    "\"STATION\" AS station, trim(\"DATE\") || CASE WHEN \"DATE\" LIKE '%Z' THEN '' ELSE 'Z' END " \
    "AS start"
/* Their fields are never quoted, so that a quote in a remark is a quote. */
#define GHCNH_PIPES ", header = true, delim = '|', quote = '', escape = ''"
/* A 29 February is placed in 2016, where the import finds and counts it. */
#define EPW_SELECT                                                                                \
    "SELECT CASE WHEN TRY_CAST(hour AS INTEGER) BETWEEN 1 AND 24 AND TRY_CAST(month AS "          \
    "INTEGER) BETWEEN 1 AND 12 AND TRY_CAST(day AS INTEGER) BETWEEN 1 AND 31 THEN "               \
    "printf('%d-%02d-%02d %02d:00:00Z', CASE WHEN month::INTEGER = 2 AND day::INTEGER = 29 THEN " \
    "2016 ELSE 2017 END, month::INTEGER, day::INTEGER, hour::INTEGER - 1) "                       \
    "ELSE month || '-' || day || ' hour ' || hour END AS start, CASE WHEN "                       \
    "TRY_CAST(temp AS DOUBLE) = 99.9 THEN '' ELSE temp END AS temp, CASE WHEN TRY_CAST(ghi AS "   \
    "DOUBLE) >= 9999 THEN '' ELSE ghi END AS ghi"

/* Instants in UTC, which not all files say: with an offset, a Z, or nothing. */
#define UTC(column)                                                                          \
    "CASE WHEN length(trim(" column ")) = 10 THEN trim(" column ") || 'T00:00:00Z' WHEN "    \
    "regexp_matches(trim(" column                                                            \
    "), ':[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$') THEN trim(" column ") ELSE trim(" column \
    ") || 'Z' END AS start"
/* Country codes; regions and the world have none, and go by name. */
#define EMBER_REGION "SELECT coalesce(nullif(trim(\"ISO 3 code\"), ''), trim(\"Area\")) AS region, "
#define EMBER_YEAR "trim(\"Year\") || '-01-01T00:00:00Z' AS start, "
#define EMBER_MONTH UTC("\"Date\"") ", "
#define EMBER_WIDE "\"Emissions intensity (gCO2e/kWh)\" AS value"
#define EMBER_TOTAL " WHERE trim(\"Electricity source\") = 'Total generation'"
#define EMBER_INTENSITY " WHERE trim(\"Variable\") = 'CO2 intensity'"

/* What all forms of a format share. */
#define GHCNH                                                     \
    .id = FORMAT_GHCNH, .name = "noaa-ghcnh", .table = "weather", \
    .columns = "station=station,start=start,temp=temp", .csv = true
#define AVERAGES                                                                         \
    .table = "factors", .columns = "region=region,start=start,value=value", .csv = true, \
    .unit = "gCO2e/kWh", .kind = "average"
#define EMBER .id = FORMAT_EMBER, .name = "ember", AVERAGES
#define NESO .id = FORMAT_NESO, .name = "national-grid", AVERAGES

static const import_format formats[] = {
    { .id = FORMAT_CSV,
      .name = "csv",
      .words = "CSV: a row a reading, a bill, or with --wide a column a meter or a half-hour",
      .csv = true,
      .example = "MPRN,read_at,kwh" },
    { .id = FORMAT_PARQUET,
      .name = "parquet",
      .words = "Parquet, the same forms",
      .example = "meter, start, value" },
    { .id = FORMAT_GREEN_BUTTON,
      .name = "green-button",
      .words = "Green Button: ESPI XML of the NAESB, units from each ReadingType",
      .table = "readings",
      .columns = "meter=meter,start=start,value=value,seconds=seconds,estimated=estimated",
      .read = green_button_read,
      .example = "<IntervalReading><timePeriod><duration>3600</duration>..." },
    { .id = FORMAT_OPEN_METEO,
      .name = "open-meteo",
      .words = "Open-Meteo JSON: hourly temperature_2m, in the unit and offset of the request",
      .table = "weather",
      .columns = "station=station,start=start,temp=temp,ghi=ghi",
      .read = open_meteo_read,
      .example = "{\"utc_offset_seconds\":0,\"hourly_units\":{...},\"hourly\":{...}}" },
    { .id = FORMAT_ISD,
      .name = "noaa-isd",
      .words = "NOAA Integrated Surface Database CSV: TMP in tenths with quality codes, UTC",
      .table = "weather",
      .columns = "station=station,start=start,temp=temp",
      .csv = true,
      .wrap = ISD_SELECT,
      .example = "\"03772099999\",\"2022-01-01T00:50:00\",...,\"+0123,1\"" },
    { GHCNH, .words = "NOAA GHCN hourly: temperature with its quality code, UTC",
      .csv_options = GHCNH_PIPES, .wrap = GHCNH_DATE,
      .example = "KSW0000SEOU|SEOUL|2022-01-01T00:00:00|37.57|126.97|86|-3.2||0" },
    { GHCNH, .words = "NOAA GHCN hourly, of the access service: with commas and quotes",
      .wrap = GHCNH_DATE, .example = "\"KSW0000SEOU\",\"2022-01-01T00:00:00\",\"-3.2\",\"1\"" },
    { GHCNH, .words = "NOAA GHCN hourly, older form", .csv_options = GHCNH_PIPES,
      .wrap = GHCNH_SELECT
      "\"Station_ID\" AS station, concat_ws('-', \"Year\", lpad(\"Month\", 2, '0'), "
      "lpad(\"Day\", 2, '0')) || ' ' || lpad(\"Hour\", 2, '0') || ':' || "
      "lpad(coalesce(\"Minute\", '0'), 2, '0') || ':00Z' AS start",
      .example = "KSW0000SEOU|SEOUL|2022|1|1|0|0|..." },
    { .id = FORMAT_EPW,
      .name = "epw",
      .words = "EnergyPlus weather: a typical year in local standard time, hour 1 is 00:00-01:00",
      .table = "weather",
      .columns = "start=start,temp=temp,ghi=ghi",
      .csv = true,
      .typical = true,
      .csv_options = ", header = false, skip = 8, quote = '', escape = '', names = ['year', "
                     "'month', 'day', 'hour', "
                     "'minute', 'flags', 'temp', 'dew_point', 'rh', 'pressure', 'etr', 'etrn', "
                     "'infrared', 'ghi']",
      .wrap = EPW_SELECT,
      .example = "LOCATION,Incheon,-,KOR,IWEC Data,471120,37.48,126.55,9.0,70.0" },
    /* Of 2021 to 2025: upper and lower case, CO2 with and without its subscript, "LCA", "life
     * cycle assessment" and "Life cycle". */
    { .id = FORMAT_ELECTRICITY_MAPS,
      .name = "electricity-maps",
      .words = "Electricity Maps CSV: averages by hour, day, month or year, direct and life cycle",
      .table = "factors",
      .columns = "region=region,start=start,value=direct,life_cycle=life_cycle",
      .csv = true,
      .unit = "gCO2e/kWh",
      .kind = "average",
      .wrap = "SELECT \"Zone id\" AS region, " UTC(
          "\"Datetime (UTC)\"") ", "
                                "COLUMNS('(?i)^carbon intensity gco.*eq/kwh \\(direct\\)$') AS "
                                "direct, "
                                "COLUMNS('(?i)^carbon intensity gco.*eq/kwh \\((lca|life "
                                "cycle.*)\\)$') AS "
                                "life_cycle",
      .example =
          "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO2eq/kWh (direct),..." },
    { EMBER, .words = "Ember's electricity data CSV: life-cycle averages by year or month",
      .step = "year", .wrap = EMBER_REGION EMBER_YEAR EMBER_WIDE, .filter = EMBER_TOTAL,
      .example = "Area,ISO 3 code,Year,Area type,...,Emissions intensity (gCO2e/kWh)" },
    { EMBER, .words = "by month", .step = "month", .wrap = EMBER_REGION EMBER_MONTH EMBER_WIDE,
      .filter = EMBER_TOTAL, .example = "" },
    { EMBER, .words = "the long form, by year", .step = "year",
      .wrap = EMBER_REGION EMBER_YEAR "\"Value\" AS value", .filter = EMBER_INTENSITY,
      .example = "" },
    { EMBER, .words = "the long form, by month", .step = "month",
      .wrap = EMBER_REGION EMBER_MONTH "\"Value\" AS value", .filter = EMBER_INTENSITY,
      .example = "" },
    { NESO, .words = "National Grid (NESO) carbon intensity CSV: what it was, by half-hour, in UTC",
      .wrap = "SELECT 'GB' AS region, " UTC("\"datetime\"") ", \"actual\" AS value",
      .example = "datetime,forecast,actual,index" },
    { NESO, .words = "with the generation mix",
      .wrap = "SELECT 'GB' AS region, " UTC("\"DATETIME\"") ", \"CARBON_INTENSITY\" AS value",
      .example = "" },
    { .id = FORMAT_WATTTIME,
      .name = "watttime",
      .words = "WattTime CSV: marginal rates in lb/MWh (average ones: --kind average)",
      .table = "factors",
      .columns = "start=start,value=value",
      .csv = true,
      .unit = "lb/MWh",
      .kind = "marginal",
      .other_kinds = true,
      .wrap = "SELECT " UTC("\"point_time\"") ", \"value\" AS value",
      .example = "point_time,value" },
};
enum { FORMATS = sizeof formats / sizeof *formats };

/* The nth form of a format, counted from 0. */
static const import_format *find(format_id id, size_t form)
{
    size_t i = 0;
    while (formats[i].id != id)
        i++;
    return &formats[i + form];
}

/* Whether the first line of a CSV file names a column. */
static bool has_column(const char *line, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = line; *at && *at != '\n' && *at != '\r'; at += strcspn(at, ",|\r\n")) {
        at += *at == ',' || *at == '|';
        const char *field = at + (*at == '"');
        if (strncmp(field, name, n) == 0 && strchr("\",|\r\n", field[n]))
            return true;
    }
    return false;
}

/* Whether text has a temperature as ISD writes it: +0123,1. */
static bool has_isd_temperature(const char *lines)
{
    for (const char *at = strpbrk(lines, "+-"); at; at = strpbrk(at + 1, "+-"))
        if (strspn(at + 1, "0123456789") == 4 && at[5] == ',' && at[6] && (at[7] == '"'))
            return true;
    return false;
}

/* Other tables have such columns too; those of ISD begin with them, or have its temperatures. */
static bool is_isd(const char *begin)
{
    bool first = strncmp(begin, "STATION,", 8) == 0 || strncmp(begin, "\"STATION\",", 10) == 0;
    return has_column(begin, "STATION") && has_column(begin, "DATE") && has_column(begin, "TMP") &&
           (first || has_isd_temperature(begin + strcspn(begin, "\n")));
}

/* XML in UTF-16, which its parser reads as well. */
static bool is_wide_xml(const char *head, size_t n)
{
    return n >= 4 && (memcmp(head, "\xff\xfe<", 4) == 0 || memcmp(head, "\xfe\xff\0<", 4) == 0);
}

/* Tables of emission factors, by columns that no meter's file has. */
static const import_format *recognise_factors(const char *begin)
{
    bool monthly = has_column(begin, "Date");
    if (has_column(begin, "Datetime (UTC)") &&
        (has_column(begin, "Zone id") || has_column(begin, "Zone Id")))
        return find(FORMAT_ELECTRICITY_MAPS, 0);
    if (has_column(begin, "Area") && has_column(begin, "Emissions intensity (gCO2e/kWh)"))
        return find(FORMAT_EMBER, monthly);
    if (has_column(begin, "Area") && has_column(begin, "Variable") && has_column(begin, "Unit"))
        return find(FORMAT_EMBER, 2 + monthly);
    if (has_column(begin, "datetime") && has_column(begin, "forecast") &&
        has_column(begin, "actual"))
        return find(FORMAT_NESO, 0);
    if (has_column(begin, "DATETIME") && has_column(begin, "CARBON_INTENSITY"))
        return find(FORMAT_NESO, 1);
    if (has_column(begin, "point_time") && has_column(begin, "value"))
        return find(FORMAT_WATTTIME, 0);
    return NULL;
}

const import_format *format_recognise(const char *head, size_t n)
{
    if (n >= 4 && memcmp(head, "PAR1", 4) == 0)
        return find(FORMAT_PARQUET, 0);
    if (is_wide_xml(head, n))
        return find(FORMAT_GREEN_BUTTON, 0);
    const char *begin = head + (strncmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    begin += strspn(begin, " \t\r\n");
    if (*begin == '<')
        return find(FORMAT_GREEN_BUTTON, 0);
    if (*begin == '{' || *begin == '[')
        return find(FORMAT_OPEN_METEO, 0);
    if (strncmp(begin, "LOCATION,", 9) == 0)
        return find(FORMAT_EPW, 0);
    if (has_column(begin, "temperature_Quality_Code"))
        return find(FORMAT_GHCNH, !has_column(begin, "DATE")                   ? 2
                                  : memchr(begin, '|', strcspn(begin, "\r\n")) ? 0
                                                                               : 1);
    if (is_isd(begin))
        return find(FORMAT_ISD, 0);
    const import_format *factors = recognise_factors(begin);
    if (factors)
        return factors;
    return find(FORMAT_CSV, 0);
}

bool format_has_true_zeros(const import_format *f, const char *meter)
{
    size_t n = strlen(meter);
    return f->id == FORMAT_GREEN_BUTTON && ((n > 7 && strcmp(meter + n - 7, "/export") == 0) ||
                                            (n > 4 && strcmp(meter + n - 4, "/net") == 0));
}

void format_list(FILE *to)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (i > 0 && formats[i].id == formats[i - 1].id)
            continue;
        fprintf(to, "  %-16s %s\n                   %s\n", formats[i].name, formats[i].words,
                formats[i].example);
    }
}
