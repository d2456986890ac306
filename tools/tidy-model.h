/* What clang-tidy, which sees one file at a time, cannot know: mdg_fail returns the status it was
 * given. tools/check-tidy includes this before every file but the one that defines mdg_fail. */
#include <madang/base.h>

#define mdg_fail(err, status, ...) (mdg_fail(err, status, __VA_ARGS__), (status))
