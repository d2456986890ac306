/* The one parallel loop: threads take the next chunk until none is left. */
#include <madang/base.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { MAX_THREADS = 256 };

typedef struct loop {
    size_t chunks;
    mdg_chunk_fn *work;
    void *context;
    atomic_size_t next;
    atomic_size_t failed; /* lowest failing chunk so far, or chunks */
    pthread_mutex_t lock;
    mdg_status status;
    mdg_error error;
} loop;

typedef struct worker {
    loop *loop;
    size_t index;
} worker;

static void note_failure(loop *l, size_t chunk, mdg_status s, const mdg_error *err)
{
    pthread_mutex_lock(&l->lock);
    if (chunk < atomic_load(&l->failed)) {
        atomic_store(&l->failed, chunk);
        l->status = s;
        l->error = *err;
    }
    pthread_mutex_unlock(&l->lock);
}

static void *run(void *argument)
{
    const worker *w = argument;
    loop *l = w->loop;
    for (;;) {
        size_t chunk = atomic_fetch_add(&l->next, 1);
        if (chunk >= l->chunks || chunk > atomic_load(&l->failed))
            return NULL;
        mdg_error err = { .status = MDG_OK };
        mdg_status s = l->work(l->context, chunk, w->index, &err);
        if (s != MDG_OK)
            note_failure(l, chunk, s, &err);
    }
}

mdg_status mdg_parallel(size_t chunks, size_t threads, mdg_chunk_fn *work, void *context,
                        mdg_error *err)
{
    loop l = { .chunks = chunks, .work = work, .context = context, .status = MDG_OK };
    atomic_init(&l.next, 0);
    atomic_init(&l.failed, chunks);
    pthread_mutex_init(&l.lock, NULL);
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    if (threads > chunks)
        threads = chunks;
    pthread_t handles[MAX_THREADS];
    worker workers[MAX_THREADS];
    size_t started = 0;
    /* The calling thread is worker 0; when no more threads can be had, fewer do the same work. */
    for (size_t i = 1; i < threads; i++) {
        workers[i] = (worker){ &l, i };
        if (pthread_create(&handles[i], NULL, run, &workers[i]) != 0)
            break;
        started = i;
    }
    workers[0] = (worker){ &l, 0 };
    run(&workers[0]);
    for (size_t i = 1; i <= started; i++)
        pthread_join(handles[i], NULL);
    pthread_mutex_destroy(&l.lock);
    if (l.status != MDG_OK && err)
        *err = l.error;
    return l.status;
}
