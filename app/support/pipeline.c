/* Work in parallel, results in order. */
#include "support/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct item_state {
    bool ready;
    mdg_status status;
    mdg_error error;
} item_state;

typedef struct worker {
    pipeline *owner;
    size_t index;
    pthread_t thread;
} worker;

struct pipeline {
    size_t items, window, n_workers;
    pipeline_fn *produce;
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t next_item; /* to be produced */
    size_t taken;     /* given to the caller; slots of earlier items are free */
    bool holding;     /* the caller still uses the last taken item's slot */
    bool stop;
    item_state *slots;
    worker *workers;
};

static bool may_start(const pipeline *p)
{
    size_t released = p->taken - (p->holding ? 1 : 0);
    return p->next_item < p->items && p->next_item < released + p->window;
}

static void *run(void *argument)
{
    worker *w = argument;
    pipeline *p = w->owner;
    pthread_mutex_lock(&p->lock);
    while (!p->stop && p->next_item < p->items) {
        if (!may_start(p)) {
            pthread_cond_wait(&p->changed, &p->lock);
            continue;
        }
        size_t item = p->next_item++, slot = item % p->window;
        pthread_mutex_unlock(&p->lock);
        mdg_error err = { .status = MDG_OK };
        mdg_status s = p->produce(p->context, item, slot, w->index, &err);
        pthread_mutex_lock(&p->lock);
        p->slots[slot] = (item_state){ .ready = true, .status = s, .error = err };
        pthread_cond_broadcast(&p->changed);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

mdg_status pipeline_start(size_t items, size_t threads, size_t window, pipeline_fn *produce,
                          void *context, pipeline **out, mdg_error *err)
{
    pipeline *p = calloc(1, sizeof *p);
    item_state *slots = calloc(window, sizeof *slots);
    worker *workers = calloc(threads, sizeof *workers);
    if (!p || !slots || !workers) {
        free(p);
        free(slots);
        free(workers);
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu threads", threads);
    }
    *p = (pipeline){ .items = items,
                     .window = window,
                     .produce = produce,
                     .context = context,
                     .slots = slots,
                     .workers = workers };
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);
    for (size_t i = 0; i < threads; i++) {
        workers[i] = (worker){ .owner = p, .index = i };
        if (pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0)
            break;
        p->n_workers++;
    }
    if (p->n_workers == 0) {
        pipeline_stop(p);
        return mdg_fail(err, MDG_E_INTERNAL, "no thread can be started");
    }
    *out = p;
    return MDG_OK;
}

mdg_status pipeline_next(pipeline *p, size_t *slot, bool *done, mdg_error *err)
{
    pthread_mutex_lock(&p->lock);
    if (p->holding) {
        p->slots[(p->taken - 1) % p->window].ready = false;
        p->holding = false;
        pthread_cond_broadcast(&p->changed);
    }
    *done = p->taken == p->items;
    mdg_status s = MDG_OK;
    if (!*done) {
        item_state *state = &p->slots[p->taken % p->window];
        while (!state->ready)
            pthread_cond_wait(&p->changed, &p->lock);
        *slot = p->taken % p->window;
        s = state->status;
        if (s != MDG_OK && err)
            *err = state->error;
        p->taken++;
        p->holding = true;
    }
    pthread_mutex_unlock(&p->lock);
    return s;
}

void pipeline_stop(pipeline *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < p->n_workers; i++)
        pthread_join(p->workers[i].thread, NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->changed);
    free(p->slots);
    free(p->workers);
    free(p);
}
