/* Shared by pooling: what metafor 3.8.1 finds where it stops, so that its digits can be compared.
 */
#ifndef MADANG_POOL_AS_METAFOR_H
#define MADANG_POOL_AS_METAFOR_H

#include "pool/tau2.h"

/* tau2 by REML, ML or EB: Fisher's scoring from `start`, Hedges' estimate.
 * fails  MDG_E_RANGE: metafor does not settle */
mdg_status as_metafor_by_scoring(linear *l, const double *v, const tau2_way *way, double start,
                                 double *out, mdg_error *err);
/* tau2 by PM, with Q at `target`. fails  MDG_E_RANGE: it lies beyond where metafor looks */
mdg_status as_metafor_by_paule(linear *l, const double *v, double scale, double target, double *out,
                               mdg_error *err);
/* A bound of the Q-profile around tau2, with Q at `target`; where it lies beyond, as far as metafor
 * looks. */
double as_metafor_bound(linear *l, const double *v, double scale, double tau2, double target);

#endif
