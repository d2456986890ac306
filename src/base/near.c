/* The name that somebody may have meant. */
#include <madang/base.h>

#include <string.h>
#include <strings.h>

enum { LONGEST = 64 };

/* Edit distance (Levenshtein), by rows; names longer than LONGEST are far from every other. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), row[LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            size_t least = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < least ? change : least;
        }
    }
    return row[m];
}

const char *mdg_near_name(const char *name, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t least = strlen(name) / 3 + 2;
    for (size_t i = 0; i < n; i++) {
        if (strcasecmp(name, names[i]) == 0)
            return names[i];
        size_t d = distance(name, names[i]);
        if (d < least && d < strlen(name)) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
