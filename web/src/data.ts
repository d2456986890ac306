/* The document in the page's #data element. app/measure/report_data.c writes it. */

/** null is missing. */
export type Maybe = number | null;

export interface Estimate {
  value: Maybe;
  lo: Maybe;
  hi: Maybe;
}

/** Days as YYYY-MM-DD, half-open. */
export interface Span {
  from: string;
  to: string;
}

export interface GroupRow {
  group: string;
  meters: number;
  observed: Maybe;
  counterfactual: Maybe;
  savings: Estimate;
  percent: Estimate;
  co2e_kg: Estimate | null;
  truth_percent: Maybe;
}

/** Means per meter and hour, 24 each; season: all, djf, mam, jja, son. */
export interface LoadShape {
  season: string;
  before: Maybe[];
  after: Maybe[];
  counterfactual: Maybe[];
}

export interface Report {
  lang: "en" | "ko";
  created: string;
  tool: { name: string; version: string };
  measure: { id: string; title: string; type: string; city: string };
  quantity: { fuel: string; unit: string };
  window: { baseline: Span; installation: Span; reporting: Span; staggered: boolean };
  level: number;
  interval: { method: string; calibrated: boolean };
  total: {
    observed: Maybe;
    counterfactual: Maybe;
    savings: Estimate;
    percent: Estimate;
    co2e_kg: Estimate | null;
    co2e: { factor: number; unit: string; source: string } | null;
  };
  /** Of a simulation only. */
  truth: { savings: Maybe; percent: Maybe } | null;
  meters: {
    in_table: Maybe;
    treated: number;
    ok: number;
    excluded: { reason: string; words: string; count: number }[];
  };
  /** Sums over the `meters` that have both values on the day; equal lengths. */
  daily: {
    date: string[];
    meters: number[];
    observed: Maybe[];
    counterfactual: Maybe[];
    lo: Maybe[];
    hi: Maybe[];
    temp_c: Maybe[];
  };
  cumulative: { date: string[]; savings: Maybe[]; lo: Maybe[]; hi: Maybe[] };
  /** Of hourly models only. */
  load_shape: LoadShape[] | null;
  /** In a typical year, where one was given. */
  normalised: { meters: number; savings: Estimate; percent: Estimate } | null;
  groups: { by: string; rows: GroupRow[] }[];
  distribution: {
    unit: string;
    bins: { from: number; to: number; count: number }[];
    below: number;
    above: number;
    p10: Maybe;
    median: Maybe;
    p90: Maybe;
  };
  quality: {
    rows_read: number;
    baseline_days_missing_percent: Maybe;
    reporting_days_missing_percent: Maybe;
    cvrmse_median: Maybe;
    flags: { flag: string; words: string; count: number }[];
  };
  method: {
    model: string;
    models: { model: string; count: number }[];
    time_zone: string;
    config_sha256: string;
    command: string | null;
    zero_is_missing: boolean;
    /** The weather has sunshine, which the model does not use. */
    ghi_unused: boolean;
    oracle: string | null;
    inputs: { role: string; file: string }[];
  };
}
