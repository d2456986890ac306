#!/usr/bin/env Rscript
# What users would use instead: metafor, on the effects of bench/pool.c. Prints seconds of CPU.
#
# usage: metafor.R EFFECTS
suppressPackageStartupMessages(library(metafor))
k <- as.integer(commandArgs(trailingOnly = TRUE)[1])
spread <- function(by) (seq_len(k) * by) %% 1
warm <- spread(sqrt(2))
dose <- spread(sqrt(3))
v <- 0.001 * (1 + 9 * spread((sqrt(5) - 1) / 2))
y <- 0.1 * warm - 0.05 * dose + sqrt(v + 0.01) * qnorm(spread(sqrt(7)))
seconds <- function() sum(proc.time()[c("user.self", "sys.self")])
began <- seconds()
fit <- rma.uni(y, v, mods = cbind(warm, dose), method = "REML", test = "adhoc", level = 90)
fitted <- seconds()
bounds <- confint(fit)
ended <- seconds()
cat(sprintf("%-32s %.4g s\n", sprintf("metafor_%d_fit_cpu_s", k), fitted - began))
cat(sprintf("%-32s %.4g s\n", sprintf("metafor_%d_profile_too_cpu_s", k), ended - began))
cat(sprintf("%-32s %.4g variance\n", sprintf("metafor_%d_tau2", k), fit$tau2))
