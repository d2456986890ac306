/* Gas by the hour, as smart meters send it, and by the month, as bills have it. */
#include "demo/raw_gas.h"

enum { HOURS = 24, READING_DAYS = 27 };

const char *raw_gas_header(gas_resolution resolution)
{
    if (resolution == GAS_DAYS)
        return "meter,date,kwh\n";
    if (resolution == GAS_BILLS)
        return "meter,from,to,kwh,read\n";
    return "meter,date,h01,h02,h03,h04,h05,h06,h07,h08,h09,h10,h11,h12,h13,h14,h15,h16,h17,h18,h19,"
           "h20,h21,h22,h23,h24\n";
}

void raw_gas_hours(const city *c, size_t building, const double *hours, char (*dates)[11], int year,
                   FILE *to)
{
    for (size_t i = 0; i < c->days; i++) {
        if (mdg_day_to_date(c->first + (int32_t)i).year != year || isnan(hours[i * HOURS]))
            continue;
        fprintf(to, "G%05zu,%s", building + 1, dates[i]);
        for (size_t h = 0; h < HOURS; h++)
            fprintf(to, ",%.3f", hours[i * HOURS + h]);
        fputc('\n', to);
    }
}

/* Each building has its day of the month on which its register is read; now and then nobody is at
 * home and the bill goes by an estimate. */
void raw_gas_bills(const city *c, size_t building, const double *used, char (*dates)[11], int year,
                   FILE *to)
{
    int reading_day = 1 + (int)(building % READING_DAYS);
    double sum = 0, carried = 0;
    size_t from = c->days;
    for (size_t i = 0; i < c->days; i++) {
        mdg_date date = mdg_day_to_date(c->first + (int32_t)i);
        if (date.day == reading_day) {
            bool estimated = (building * 31 + i) % 97 == 0;
            double bill = sum + carried, billed = estimated ? bill * 0.8 : bill;
            if (from < c->days && mdg_day_to_date(c->first + (int32_t)from).year == year)
                fprintf(to, "G%05zu,%s,%s,%.1f,%s\n", building + 1, dates[from], dates[i], billed,
                        estimated ? "estimated" : "actual");
            carried = bill - billed;
            sum = 0;
            from = i;
        }
        sum += used[i];
    }
}
