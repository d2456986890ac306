/* The table of formats. */
#include "import/format.h"

#include <string.h>

/* The quality codes of NOAA that mean suspect or erroneous: 2, 3, 6, 7. A value in another form is
 * handed on as words, and is refused as no number. */
#define ISD_SELECT                                                                                \
    "SELECT \"STATION\" AS station, trim(\"DATE\") || CASE WHEN \"DATE\" LIKE '%Z' THEN '' ELSE " \
    "'Z' END AS start, CASE WHEN NOT regexp_full_match(trim(\"TMP\"), "                           \
    "'[+-]?[0-9]{4},[0-9A-Z]') THEN 'TMP is ' || \"TMP\" WHEN contains(\"TMP\", '9999') OR "      \
    "regexp_matches(trim(\"TMP\"), '[2367]$') THEN '' ELSE "                                      \
    "(split_part(\"TMP\", ',', 1)::DOUBLE / 10)::VARCHAR END AS temp"
/* Of the codes of GHCNh, these mean that all checks were passed; missing values are empty. */
#define GHCNH_SELECT                                                                         \
    ", CASE WHEN coalesce(trim(\"temperature_Quality_Code\"), '') IN ('', '0', '1', '4', "   \
    "'5', '9', 'A', 'P', 'R') AND coalesce(trim(temperature), '') NOT IN ('-9999', '9999', " \
    "'999.9') THEN temperature ELSE '' END AS temp"
#define EPW_SELECT                                                                              \
    "SELECT CASE WHEN TRY_CAST(hour AS INTEGER) BETWEEN 1 AND 24 AND TRY_CAST(month AS "        \
    "INTEGER) BETWEEN 1 AND 12 AND TRY_CAST(day AS INTEGER) BETWEEN 1 AND 31 THEN "             \
    "printf('2017-%02d-%02d %02d:00:00Z', month::INTEGER, day::INTEGER, hour::INTEGER - 1) "    \
    "ELSE month || '-' || day || ' hour ' || hour END AS start, CASE WHEN "                     \
    "TRY_CAST(temp AS DOUBLE) = 99.9 THEN '' ELSE temp END AS temp, CASE WHEN TRY_CAST(ghi AS " \
    "DOUBLE) >= 9999 THEN '' ELSE ghi END AS ghi"

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
    { .id = FORMAT_GHCNH,
      .name = "noaa-ghcnh",
      .words = "NOAA GHCN hourly: temperature with its quality code, UTC",
      .table = "weather",
      .columns = "station=station,start=start,temp=temp",
      .csv = true,
      .wrap = "SELECT \"STATION\" AS station, trim(\"DATE\") || CASE WHEN \"DATE\" LIKE '%Z' THEN "
              "'' ELSE 'Z' END AS start" GHCNH_SELECT,
      .example = "KSW0000SEOU|SEOUL|2022-01-01T00:00:00|37.57|126.97|86|-3.2||0" },
    { .id = FORMAT_GHCNH,
      .name = "noaa-ghcnh",
      .words = "NOAA GHCN hourly, older form",
      .table = "weather",
      .columns = "station=station,start=start,temp=temp",
      .csv = true,
      .wrap = "SELECT \"Station_ID\" AS station, concat_ws('-', \"Year\", lpad(\"Month\", 2, '0'), "
              "lpad(\"Day\", 2, '0')) || ' ' || lpad(\"Hour\", 2, '0') || ':' || "
              "lpad(coalesce(\"Minute\", '0'), 2, '0') || ':00Z' AS start" GHCNH_SELECT,
      .example = "KSW0000SEOU|SEOUL|2022|1|1|0|0|..." },
    { .id = FORMAT_EPW,
      .name = "epw",
      .words = "EnergyPlus weather: a typical year in local standard time, hour 1 is 00:00-01:00",
      .table = "weather",
      .columns = "start=start,temp=temp,ghi=ghi",
      .csv = true,
      .typical = true,
      .csv_options = ", header = false, skip = 8, names = ['year', 'month', 'day', 'hour', "
                     "'minute', 'flags', 'temp', 'dew_point', 'rh', 'pressure', 'etr', 'etrn', "
                     "'infrared', 'ghi']",
      .wrap = EPW_SELECT,
      .example = "LOCATION,Incheon,-,KOR,IWEC Data,471120,37.48,126.55,9.0,70.0" },
};
enum { FORMATS = sizeof formats / sizeof *formats };

static bool holds(const char *head, const char *word)
{
    return strstr(head, word) != NULL;
}

static size_t find(format_id id, bool last)
{
    size_t at = 0;
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i].id == id && (at == 0 || last))
            at = i;
    return at;
}

const import_format *format_recognise(const char *head, size_t n)
{
    if (n >= 4 && memcmp(head, "PAR1", 4) == 0)
        return &formats[find(FORMAT_PARQUET, false)];
    const char *begin = head + (strncmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    begin += strspn(begin, " \t\r\n");
    if (*begin == '<')
        return &formats[find(FORMAT_GREEN_BUTTON, false)];
    if (*begin == '{' || *begin == '[')
        return &formats[find(FORMAT_OPEN_METEO, false)];
    if (strncmp(begin, "LOCATION,", 9) == 0)
        return &formats[find(FORMAT_EPW, false)];
    if (holds(begin, "temperature_Quality_Code"))
        return &formats[find(FORMAT_GHCNH, !holds(begin, "DATE"))];
    size_t line = strcspn(begin, "\r\n");
    bool station = strncmp(begin, "STATION,", 8) == 0 || strncmp(begin, "\"STATION\",", 10) == 0;
    const char *tmp = strstr(begin, "TMP");
    if (station && tmp && (size_t)(tmp - begin) < line)
        return &formats[find(FORMAT_ISD, false)];
    return &formats[find(FORMAT_CSV, false)];
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
        fprintf(to, "  %-13s %s\n                %s\n", formats[i].name, formats[i].words,
                formats[i].example);
    }
}
