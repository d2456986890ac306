/* A compiled schema, as its compiler and its checker see it. */
#ifndef MADANG_APP_EVIDENCE_SCHEMA_NODE_H
#define MADANG_APP_EVIDENCE_SCHEMA_NODE_H

#include "evidence/schema.h"

#include <regex.h>

typedef struct schema_node schema_node;

typedef struct schema_list {
    const schema_node **at;
    size_t n;
} schema_list;

typedef struct schema_member {
    const char *name;
    const schema_node *node;
} schema_member;

typedef struct schema_required {
    const char *name;
    size_t member; /* which of the node's members, or SIZE_MAX */
} schema_required;

/* Properties of one schema; a checker finds them all before it looks at the first. */
enum { SCHEMA_MEMBERS = 64 };

typedef struct schema_pattern {
    struct schema_pattern *next;
    regex_t compiled;
    const char *written;
} schema_pattern;

/* What the keywords of one schema demand; what is absent demands nothing. */
struct schema_node {
    bool never;     /* the schema `false` */
    unsigned types; /* a bit for each of schema_types; 0: any */
    const json_t *constant, *choices;
    double minimum, maximum, above, below; /* NaN: none */
    size_t min_items, max_items, min_length, max_length;
    const schema_pattern *pattern;
    bool date;
    schema_required *required;
    size_t n_required;
    schema_member *members; /* those with a constant come first: they tell alternatives apart */
    size_t n_members;
    const schema_node *additional, *names, *items, *condition, *then, *otherwise, *ref;
    schema_list prefix, one_of, any_of, all_of;
};

struct schema {
    mdg_arena mem;
    json_t *json; /* constants and names point into it */
    const schema_node *root;
    schema_pattern *patterns;
};

enum {
    SCHEMA_NULL,
    SCHEMA_BOOLEAN,
    SCHEMA_OBJECT,
    SCHEMA_ARRAY,
    SCHEMA_NUMBER,
    SCHEMA_STRING,
    SCHEMA_INTEGER,
    SCHEMA_TYPES
};
typedef struct schema_type {
    const char *name, *words;
} schema_type;
extern const schema_type schema_types[SCHEMA_TYPES];

#endif
