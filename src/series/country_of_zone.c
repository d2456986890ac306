/* The country whose holidays hold in a time zone.
 * source  IANA Time Zone Database 2025b, zone.tab and the links of its file backward */
#include <madang/series.h>

#include <string.h>

static const struct {
    const char *zone, *country;
} zones[] = {
    { "Europe/Berlin", "DE" },
    { "Europe/Busingen", "DE" },
    { "Europe/Paris", "FR" },
    { "Europe/London", "GB" },
    { "Europe/Belfast", "GB" },
    { "GB", "GB" },
    { "GB-Eire", "GB" },
    { "Asia/Tokyo", "JP" },
    { "Japan", "JP" },
    { "Asia/Seoul", "KR" },
    { "ROK", "KR" },
    { "Europe/Amsterdam", "NL" },
    { "America/Adak", "US" },
    { "America/Anchorage", "US" },
    { "America/Atka", "US" },
    { "America/Boise", "US" },
    { "America/Chicago", "US" },
    { "America/Denver", "US" },
    { "America/Detroit", "US" },
    { "America/Fort_Wayne", "US" },
    { "America/Indiana/Indianapolis", "US" },
    { "America/Indiana/Knox", "US" },
    { "America/Indiana/Marengo", "US" },
    { "America/Indiana/Petersburg", "US" },
    { "America/Indiana/Tell_City", "US" },
    { "America/Indiana/Vevay", "US" },
    { "America/Indiana/Vincennes", "US" },
    { "America/Indiana/Winamac", "US" },
    { "America/Indianapolis", "US" },
    { "America/Juneau", "US" },
    { "America/Kentucky/Louisville", "US" },
    { "America/Kentucky/Monticello", "US" },
    { "America/Knox_IN", "US" },
    { "America/Los_Angeles", "US" },
    { "America/Louisville", "US" },
    { "America/Menominee", "US" },
    { "America/Metlakatla", "US" },
    { "America/New_York", "US" },
    { "America/Nome", "US" },
    { "America/North_Dakota/Beulah", "US" },
    { "America/North_Dakota/Center", "US" },
    { "America/North_Dakota/New_Salem", "US" },
    { "America/Phoenix", "US" },
    { "America/Shiprock", "US" },
    { "America/Sitka", "US" },
    { "America/Yakutat", "US" },
    { "Navajo", "US" },
    { "Pacific/Honolulu", "US" },
    { "US/Alaska", "US" },
    { "US/Aleutian", "US" },
    { "US/Arizona", "US" },
    { "US/Central", "US" },
    { "US/East-Indiana", "US" },
    { "US/Eastern", "US" },
    { "US/Hawaii", "US" },
    { "US/Indiana-Starke", "US" },
    { "US/Michigan", "US" },
    { "US/Mountain", "US" },
    { "US/Pacific", "US" },
};

const char *mdg_country_of_zone(const char *time_zone)
{
    for (size_t i = 0; time_zone && i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i].zone, time_zone) == 0)
            return zones[i].country;
    return NULL;
}
