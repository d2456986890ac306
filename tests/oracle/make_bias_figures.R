#!/usr/bin/env Rscript
# Figures of tests/unit/test_bias.c and test_levels.c by metafor 3.8.1 and clubSandwich 0.5.8, whose
# iterations are carried to rounding. Data sets are drawn here from seeds, or typed in.
#
# usage: Rscript tests/oracle/make_bias_figures.R bias >tests/oracle/bias_table.inc
#        Rscript tests/oracle/make_bias_figures.R levels >tests/oracle/levels_table.inc
suppressWarnings(suppressPackageStartupMessages({
  library(metafor)
  library(clubSandwich)
}))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

number <- function(x) {
  if (length(x) == 0 || is.na(x)) "MDG_NAN" else if (is.infinite(x)) "MDG_INFINITY" else sprintf("%.13g", x)
}
numbers <- function(x) paste(vapply(x, number, ""), collapse = ", ")
row <- function(...) cat("  {", numbers(c(...)), "},\n")

# ---- bias ------------------------------------------------------------------------------------

# Small studies exaggerate: the effect grows with the standard error, and what is not significant
# on the left is left out with some probability.
biased <- function(seed, k, tau2, slope, left_out, digits = 6) {
  set.seed(seed)
  y <- v <- numeric(0)
  while (length(y) < k) {
    vi <- 0.01 * exp(rnorm(1, 0, 1))
    yi <- -0.06 - slope * sqrt(vi) + rnorm(1, 0, sqrt(vi + tau2))
    if (pnorm(yi / sqrt(vi)) > 0.025 && runif(1) < left_out) next
    y <- c(y, yi)
    v <- c(v, vi)
  }
  list(y = signif(y, digits), v = signif(v, digits))
}

bias_sets <- list(
  three = list(y = c(-0.12, -0.31, 0.02), v = c(0.002, 0.011, 0.004)),
  four = list(y = c(-0.3, -0.12, -0.21, 0.4), v = c(0.008, 0.003, 0.0009, 0.09)),
  funnel = biased(1, 20, 0.02, 1, 0.7),
  sharp = biased(2, 12, 0, 0.5, 0.9),
  plain = biased(3, 30, 0.05, 0, 0),
  many = biased(4, 60, 0.01, 0.3, 0.5),
  more = biased(5, 180, 0.02, 0.5, 0.6),
  ties = biased(6, 25, 0.03, 0.8, 0.4, 1),
  none = list(y = c(0.02, -0.05, 0.11, -0.08, 0.06, -0.01), v = c(0.01, 0.004, 0.02, 0.008, 0.015, 0.003)),
  all = list(y = c(-0.22, -0.15, -0.31, -0.48, -0.36), v = c(0.001, 0.0014, 0.002, 0.008, 0.005))
)

tight <- function(d) {
  list(threshold = 1e-12 * mean(d$v), maxiter = 10000, tau2.max = 1e3 * (var(d$y) + max(d$v)))
}

# metafor's optimiser stops early. From where it stops, Newton's steps on the likelihood of Vevea and
# Hedges, written down here once more, carry mean, tau2 (unless it is at 0) and ln delta to the top.
selected <- function(fit, alternative) {
  y <- fit$yi * if (alternative == "less") -1 else 1
  v <- fit$vi
  seen <- pnorm(y / sqrt(v), lower.tail = FALSE) <= 0.025
  loglik <- function(mean, tau2, delta) {
    u <- sqrt(v + tau2)
    z <- (mean - qnorm(0.975) * sqrt(v)) / u
    if (is.infinite(delta)) return(sum(dnorm(y, mean, u, log = TRUE) - pnorm(-z, log.p = TRUE)))
    sum(log(ifelse(seen, 1, delta)) + dnorm(y, mean, u, log = TRUE) - log(pnorm(z) + delta * pnorm(-z)))
  }
  if (all(seen)) return(rep(NA, 7))
  for (optimizer in c("nlminb", "optim", "Nelder-Mead")) {
    s <- try(suppressWarnings(selmodel(fit, type = "stepfun", steps = 0.025, alternative = alternative,
                                       control = list(optimizer = optimizer, delta.max = 1e6))), silent = TRUE)
    if (!inherits(s, "try-error")) break
  }
  none <- !any(seen)
  at <- c(s$beta * if (alternative == "less") -1 else 1, s$tau2, log(s$delta[2]))
  at_zero <- s$tau2 < 1e-5 && loglik(at[1], 0, exp(at[3])) >= loglik(at[1], at[2], exp(at[3]))
  if (at_zero) at[2] <- 0
  free <- c(TRUE, !at_zero, !none)
  f <- function(x) {
    a <- at
    a[free] <- x
    loglik(a[1], a[2], if (none) Inf else exp(a[3]))
  }
  for (i in 1:4) at[free] <- at[free] - solve(numDeriv::hessian(f, at[free]), numDeriv::grad(f, at[free]))
  stopifnot(f(at[free]) >= s$ll - 1e-9)
  lrt <- max(0, 2 * (f(at[free]) - fit$fit.stats["ll", "ML"]))
  c(at[1] * if (alternative == "less") -1 else 1, sqrt(solve(-numDeriv::hessian(f, at[free]))[1, 1]), at[2],
    if (none) Inf else exp(at[3]), lrt, pchisq(lrt, 1, lower.tail = FALSE), f(at[free]))
}

bias <- function() {
  cat("/* Made by tests/oracle/make_bias_figures.R: metafor 3.8.1 */\n")
  for (name in names(bias_sets)) {
    d <- bias_sets[[name]]
    fit <- rma.uni(d$y, d$v, method = "REML", level = 90, control = tight(d))
    # What regtest(fit, predictor = "sei") fits, which takes no settings of the iteration.
    egger <- rma.uni(d$y, d$v, mods = sqrt(d$v), method = "REML", control = tight(d))
    line <- summary(lm(d$y ~ sqrt(d$v), weights = 1 / d$v))$coefficients
    square <- summary(lm(d$y ~ d$v, weights = 1 / d$v))$coefficients
    # R knows no factorial beyond 170.
    rank <- suppressWarnings(ranktest(d$y, d$v, exact = length(d$y) <= 170))
    tf <- trimfill(fit, level = 90, control = tight(d))
    ml <- rma.uni(d$y, d$v, method = "ML", control = tight(d))
    cat(sprintf("{ \"%s\", %d,\n", name, length(d$y)))
    row(d$y)
    row(d$v)
    row(egger$zval[2], egger$pval[2], line[2, 3], line[2, 4])
    row(rank$tau, rank$pval)
    row(line[1, 1], line[1, 2], line[2, 1], line[1, 4])
    row(square[1, 1], square[1, 2], square[2, 1], square[1, 4])
    row(tf$k0, tf$side == "right", tf$beta, tf$se, tf$ci.lb, tf$ci.ub)
    for (alternative in c("greater", "less")) row(selected(ml, alternative))
    cat("},\n")
  }
}

# ---- levels ----------------------------------------------------------------------------------

nested <- function(seed, sizes, between, within, slopes = numeric(0), spread = 0.8) {
  set.seed(seed)
  city <- rep(seq_along(sizes), sizes)
  k <- length(city)
  v <- 0.01 * exp(rnorm(k, 0, spread))
  x <- NULL
  if (length(slopes) > 0) x <- cbind(signif(rnorm(length(sizes), 2500, 600)[city], 6))
  if (length(slopes) > 1) x <- cbind(x, signif(rnorm(k), 6))
  if (length(slopes) > 2) x <- cbind(x, as.numeric(city == 2))
  y <- -0.08 + rnorm(length(sizes), 0, sqrt(between))[city] + rnorm(k, 0, sqrt(within + v))
  if (!is.null(x)) y <- y + drop(sweep(x, 2, colMeans(x)) %*% slopes)
  list(y = signif(y, 7), v = signif(v, 7), x = x, city = city)
}

level_sets <- list(
  cities = nested(11, c(1, 3, 2, 5, 4, 2, 1, 3, 6, 2), 0.02, 0.01),
  few = nested(12, c(3, 2, 4), 0.05, 0.01),
  no_within = nested(13, c(4, 3, 5, 2, 6, 3), 0.03, 0),
  no_between = nested(14, c(4, 3, 5, 2, 6, 3), 0, 0.03),
  neither = list(y = c(-0.08, -0.081, -0.079, -0.0805, -0.08, -0.0795), v = c(0.01, 0.02, 0.015, 0.01, 0.03, 0.01),
                 x = NULL, city = c(1, 1, 2, 2, 3, 3)),
  one_each = nested(15, rep(1, 14), 0.03, 0),
  large = nested(16, c(40, 55, 30), 0.02, 0.02),
  uneven = nested(17, c(8, 2, 3, 1, 5, 4, 4), 0.05, 0.01, spread = 3),
  climate = nested(18, c(2, 3, 2, 5, 4, 2, 1, 3), 0.02, 0.01, 1e-4),
  both = nested(19, c(2, 3, 2, 5, 4, 2, 1, 3, 3, 2), 0.02, 0.01, c(1e-4, 0.05)),
  alone = nested(20, c(2, 3, 2, 5, 4, 2, 1, 3, 3, 2), 0.02, 0.01, c(1e-4, 0.05, -0.2))
)

nested_fit <- function(d, sigma2 = NULL) {
  cities <- length(unique(d$city))
  args <- list(yi = d$y, V = d$v, test = "t", level = 90, data = data.frame(city = d$city, record = seq_along(d$y)),
               random = if (cities == length(d$city)) ~ 1 | city else ~ 1 | city/record,
               dfs = cities - 1 - if (is.null(d$x)) 0 else ncol(d$x))
  if (!is.null(d$x)) args$mods <- d$x
  if (!is.null(sigma2)) args$sigma2 <- sigma2
  ways <- lapply(10^-c(15, 13, 11), function(tolerance)
    list(optimizer = "nlminb", rel.tol = tolerance, iter.max = 1000, eval.max = 2000))
  for (control in c(ways, list(list(optimizer = "Nelder-Mead", reltol = 1e-15, maxit = 5000)))) {
    args$control <- control
    fit <- try(suppressWarnings(do.call(rma.mv, args)), silent = TRUE)
    if (!inherits(fit, "try-error")) return(fit)
  }
  stop(fit)
}

levels_figures <- function() {
  cat("/* Made by tests/oracle/make_bias_figures.R: metafor 3.8.1, clubSandwich 0.5.8 */\n")
  for (name in names(level_sets)) {
    d <- level_sets[[name]]
    fit <- nested_fit(d)
    # A variance that the optimiser left near 0 is put there when that is likelier.
    for (i in seq_along(fit$sigma2)) {
      s <- fit$sigma2
      s[i] <- 0
      if (fit$sigma2[i] < 1e-5 && logLik(nested_fit(d, s)) >= logLik(fit)) fit <- nested_fit(d, s)
    }
    robust <- coef_test(fit, vcov = "CR2", cluster = d$city, test = "Satterthwaite")
    m <- if (is.null(d$x)) 0 else ncol(d$x)
    cat(sprintf("{ \"%s\", %d, %d,\n", name, length(d$y), m))
    row(d$y)
    row(d$v)
    if (m) row(t(d$x)) else row(0)
    row(d$city)
    row(fit$sigma2[1], if (length(fit$sigma2) > 1) fit$sigma2[2] else 0, logLik(fit))
    row(fit$beta)
    row(fit$se)
    row(fit$pval)
    row(fit$ci.lb)
    row(robust$SE)
    row(robust$df_Satt)
    row(robust$p_Satt)
    cat("},\n")
  }
}

if (commandArgs(TRUE)[1] == "bias") bias() else levels_figures()
