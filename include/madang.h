/* libmadang: what a smart-city measure did for energy and CO2.
 *
 * Pure computation: plain structs and arrays in, plain structs out. No files, no network, no
 * printing, no clock, no globals. Link with -lmadang (pkg-config madang). */
#ifndef MADANG_H
#define MADANG_H

#include <madang/base.h>
#include <madang/series.h>

#include <madang/model.h>

#include <madang/effect.h>

#include <madang/placebo.h>

#include <madang/comparison.h>

#include <madang/events.h>

#include <madang/carbon.h>

#include <madang/footprint.h>

#include <madang/inclusion.h>

#include <madang/evidence.h>

#include <madang/measure_types.h>

#include <madang/pool.h>

#include <madang/bias.h>

#include <madang/transfer.h>

#endif
