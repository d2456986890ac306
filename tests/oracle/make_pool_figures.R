#!/usr/bin/env Rscript
# Figures of tests/unit/test_pool.c and test_permute.c by metafor 3.8.1, whose iterations are carried to rounding, or,
# with `stops`, those of tests/unit/test_as_metafor.c by metafor as it stops by default.
# Data sets are typed in here, or drawn here from seeds.
#
# usage: Rscript tests/oracle/make_pool_figures.R >tests/oracle/pool_table.inc
#        Rscript tests/oracle/make_pool_figures.R stops >tests/oracle/stops_table.inc
suppressPackageStartupMessages(library(metafor))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

methods <- c("EE", "DL", "PM", "REML", "ML", "SJ", "HE", "HS", "EB")
tests <- c(Z = "z", KNHA = "knha", KNHA_ADHOC = "adhoc")
tight <- function(y, v, threshold) {
  list(threshold = threshold * max(var(y), mean(v)), tol = 1e-15 * mean(v), maxiter = 3000, ll0check = FALSE,
       tau2.max = 1e3 * (var(y) + max(v)))
}

drawn <- function(seed, k, tau2, slopes = numeric(0), scale = 1) {
  set.seed(seed)
  m <- length(slopes)
  x <- if (m) signif(matrix(rnorm(k * m), k, m), 8) else NULL
  if (m > 1) x[, 2] <- 1948 + floor(40 * pnorm(x[, 2]))
  if (m > 2) x[, 3] <- as.numeric(x[, 3] > 0)
  centred <- if (m) sweep(x, 2, colMeans(x)) else NULL
  v <- 0.01 * exp(rnorm(k, 0, 0.8))
  y <- -0.08 + rnorm(k, 0, sqrt(v + tau2))
  if (m) y <- y + drop(centred %*% slopes)
  list(y = signif(y, 8) * scale, v = signif(v, 8) * scale^2, x = x)
}

sets <- list(
  typed = list(y = c(-0.12, -0.05, 0.02, -0.21, -0.09), v = c(0.002, 0.0011, 0.004, 0.0009, 0.0025)),
  two = list(y = c(-0.11, -0.03), v = c(0.0005, 0.0008)),
  two_near = list(y = c(-0.11, -0.10), v = c(0.0005, 0.0008)),
  same = list(y = rep(-0.25, 4), v = c(0.01, 0.02, 0.04, 0.005)),
  # Fisher's scoring by itself goes on forever here.
  restless = list(y = c(1.3, 1.94, 0.7, 0.36, 1.31, 0.46, 1.24, 0.71, 0.35, 0.77),
                  v = c(0.64, 0.421, 0.992, 0.058, 0.756, 0.634, 0.79, 0.12, 0.019, 0.045)),
  precise_one = list(y = c(-0.1, -0.3, 0.05, -0.18), v = c(1e-7, 0.02, 0.03, 0.015)),
  three = drawn(1, 3, 0.02),
  six = drawn(2, 6, 0),
  ten = drawn(3, 10, 0.05),
  forty = drawn(4, 40, 5),
  tiny = drawn(5, 12, 0.02, scale = 1e-6),
  huge = drawn(6, 12, 0.02, scale = 1e5),
  mods_1 = drawn(7, 9, 0.01, 0.1),
  mods_2 = drawn(8, 20, 0.02, c(0.1, -0.01)),
  mods_3 = drawn(9, 40, 0.3, c(0.1, 0.02, -0.3)),
  mods_none = drawn(10, 15, 0, c(0.2, 0.01)),
  one_left = drawn(11, 4, 0.05, c(0.1, 0.01)),
  deal_6 = drawn(12, 6, 0.01, 0.15),
  deal_7 = drawn(13, 7, 0.02, c(0.1, -0.01)),
  deal_ties = list(y = c(-0.2, -0.1, -0.25, 0.05, 0.02, -0.08), v = c(2, 3, 1, 4, 2, 2) / 500,
                   x = matrix(c(1, 1, 1, 0, 0, 0))),
  # Published: vaccine trials by latitude and year; expectancy of teachers.
  vaccine = with(escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg),
                 list(y = as.numeric(yi), v = as.numeric(vi), x = cbind(ablat, year))),
  teachers = with(dat.raudenbush1985, list(y = as.numeric(yi), v = as.numeric(vi)))
)

meta <- function(d, ...) {
  if (is.null(d$x)) rma.uni(d$y, d$v, ...) else rma.uni(d$y, d$v, mods = d$x, ...)
}

number <- function(x) {
  if (length(x) == 0 || is.na(x)) "MDG_NAN" else if (is.infinite(x)) "MDG_INFINITY" else sprintf("%.13g", x)
}
numbers <- function(x) paste(vapply(x, number, ""), collapse = ", ")

quantiles <- function(fit, level) {
  k <- fit$k; p <- fit$p; tail <- (1 - level) / 2
  c(if (k - p - 1 > 0) qt(1 - tail, k - p - 1) else NA, if (k > p) qt(1 - tail, k - p) else NA,
    qnorm(1 - tail))
}

row <- function(name, method, test, level = 0.9) {
  d <- sets[[name]]
  # Its own way to say that two steps are the same; where it cannot settle to rounding, less.
  for (threshold in 10^-c(14, 12, 10)) {
    control <- tight(d$y, d$v, threshold)
    fit <- try(suppressWarnings(meta(d, method = method, test = tests[[test]], level = 100 * level,
                                     control = control)), silent = TRUE)
    if (!inherits(fit, "try-error")) break
  }
  if (inherits(fit, "try-error")) return(invisible())
  p <- fit$p
  ll <- as.numeric(if (method == "REML") fit$fit.stats["ll", "REML"] else fit$fit.stats["ll", "ML"])
  r2 <- NA
  if (p > 1 && method != "EE") {
    none <- try(suppressWarnings(rma.uni(d$y, d$v, method = method, control = control)), silent = TRUE)
    r2 <- if (inherits(none, "try-error") || none$tau2 <= 1e-9 * mean(d$v)) NA else
      max(0, 100 * (none$tau2 - fit$tau2) / none$tau2)
  }
  half <- if (p == 1 && method != "EE") quantiles(fit, level) * sqrt(fit$tau2 + fit$se^2) else rep(NA, 3)
  cat(sprintf("{ \"%s\", MDG_POOL_%s, MDG_POOL_TEST_%s,\n", name, method, test))
  cat("  {", numbers(fit$b), "}, {", numbers(fit$se), "}, {", numbers(fit$zval), "}, {",
      numbers(fit$pval), "},\n")
  cat("  {", numbers(fit$ci.lb), "}, {", numbers(fit$ci.ub), "},\n ",
      numbers(c(fit$tau2, if (method == "EE") NA else fit$se.tau2, fit$QE, fit$QEp, fit$I2, fit$H2, ll)),
      ",\n ", numbers(if (p > 1) c(r2, fit$QM, fit$QMp) else rep(NA, 3)), ", {", numbers(half), "} },\n")
}

# By its own function, and again at the root that it leaves, where that is not exact.
profile <- function(name, level) {
  d <- sets[[name]]
  X <- if (is.null(d$x)) matrix(1, length(d$y), 1) else cbind(1, d$x)
  k <- nrow(X); p <- ncol(X)
  q <- function(t) {
    w <- 1 / (d$v + t)
    r <- lm.wfit(sweep(X, 2, c(0, colMeans(X)[-1])), d$y - mean(d$y), w)$residuals
    sum(w * r^2)
  }
  root <- function(target) {
    if (q(0) <= target) return(0)
    top <- 10 * (var(d$y) + max(d$v))
    while (q(top) > target) top <- 2 * top
    uniroot(function(t) q(t) - target, c(0, top), tol = 1e-16 * mean(d$v), maxiter = 10000)$root
  }
  tail <- (1 - level) / 2
  bounds <- c(root(qchisq(1 - tail, k - p)), root(qchisq(tail, k - p)))
  fit <- meta(d, method = "DL")
  own <- confint(fit, level = 100 * level,
                 control = list(tol = 1e-14 * mean(d$v), maxiter = 10000,
                                tau2.max = 1e5 * (var(d$y) + max(d$v))))$random
  # The two must agree before either is printed.
  stopifnot(all(is.na(own["tau^2", 2:3])) || all(abs(own["tau^2", 2:3] - bounds) <= 1e-6 * max(bounds, mean(d$v))))
  vt <- fit$vt
  cat(sprintf("{ \"%s\", %g,", name, level), numbers(c(bounds, 100 * bounds / (vt + bounds))), "},\n")
}

# All orders of the rows.
dealt <- function(name, method, test) {
  d <- sets[[name]]
  fit <- meta(d, method = method, test = tests[[test]], control = tight(d$y, d$v, 1e-9))
  p <- permutest(fit, exact = TRUE, progbar = FALSE)
  cat(sprintf("{ \"%s\", MDG_POOL_%s, MDG_POOL_TEST_%s,", name, method, test), "{",
      numbers(c(p$pval[-1], p$QMp)), "} },\n")
}

print_sets <- function(sets) {
  cat("#ifdef SETS\n")
  for (name in names(sets)) {
    d <- sets[[name]]
    cat(sprintf("{ \"%s\", %d, %d,\n", name, length(d$y), if (is.null(d$x)) 0 else ncol(d$x)))
    cat("  {", numbers(d$y), "},\n  {", numbers(d$v), "},\n  {",
        if (is.null(d$x)) "0" else numbers(as.vector(t(d$x))), "} },\n")
  }
  cat("#endif\n")
}

# Where metafor's stops are felt most: 0 more likely than what it climbs, roots beyond where it looks, or no stop at all.
hard <- list(
  stuck = list(y = c(-0.437, -0.00392, 0.000915, 0.407), v = c(0.028, 0.000109, 0.0011, 0.0174)),
  stuck_more = list(y = c(-0.345, -0.183, -0.0968, 0.147, 0.0337, -0.412),
                    v = c(0.0492, 0.00113, 0.0539, 0.0175, 0.0626, 0.0193)),
  far = list(y = c(-11, -3), v = c(0.5, 0.8)),
  beyond = list(y = c(-50, 0.1, 0, 0.2, 50), v = c(0.5, 0.4, 0.5, 0.6, 0.5)),
  endless_eb = list(y = c(-144, 290, 99.9, 149, 42), v = c(5190, 235000, 2320, 176000, 45300)),
  endless_ml = list(y = c(344, -59.2, -429, -9.36), v = c(27500, 1860, 51700, 37500)),
  endless_reml = list(y = c(-229, -1140, -120), v = c(11100, 177000, 264))
)

# All is NA where metafor gives up.
stopped <- function(name, method) {
  d <- sets[[name]]
  fit <- try(suppressWarnings(meta(d, method = method)), silent = TRUE)
  figures <- rep(NA, 10)
  if (!inherits(fit, "try-error")) {
    bounds <- confint(fit)$random
    r2 <- NA
    if (!is.null(d$x) && rma.uni(d$y, d$v, method = method)$tau2 > 0) r2 <- fit$R2
    figures <- c(fit$b[1], fit$se[1], fit$tau2, fit$se.tau2, fit$I2, r2, bounds["tau^2", 2:3], bounds["I^2(%)", 2:3])
  }
  cat(sprintf("{ \"%s\", MDG_POOL_%s,\n ", name, method), numbers(figures), "},\n")
}

cat("/* Made by tests/oracle/make_pool_figures.R: metafor", as.character(packageVersion("metafor")),
    "*/\n")
if (identical(commandArgs(TRUE), "stops")) {
  print_sets(hard)
  cat("#ifdef STOPS\n")
  sets <- c(sets, hard)
  for (name in names(sets)) for (method in c("PM", "REML", "ML", "EB")) stopped(name, method)
  cat("#endif\n")
  quit()
}
print_sets(sets)
cat("#ifdef FITS\n")
for (name in names(sets)) for (method in methods) for (test in names(tests)) row(name, method, test)
cat("#endif\n#ifdef PROFILES\n")
for (name in names(sets)) for (level in c(0.8, 0.95)) profile(name, level)
cat("#endif\n#ifdef DEALT\n")
for (test in names(tests)) {
  for (name in c("deal_6", "deal_7", "deal_ties")) dealt(name, "DL", test)
  dealt("deal_6", "REML", test)
}
dealt("deal_7", "REML", "KNHA_ADHOC")
cat("#endif\n")
