/* The document in the page's #data element. app/measure/report_data.c writes that of a measure,
 * app/validate/report.c that of a validation, app/pool/report.c that of a pooling. */

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

/** By one set of factors; `series`: they change with time, and `factor` is their mean. */
export interface Co2e {
  basis: "average" | "marginal" | "fuel";
  series: boolean;
  factor: number;
  unit: string;
  source: string;
  kg: Estimate;
}

/** Of the measured meters, in the reporting period; before: of what would have been used. */
export interface Bill {
  currency: string;
  before: Maybe;
  after: Maybe;
  saved: Estimate;
}

/** Of the `meters` whose cost is known; net of what others pay. */
export interface Investment {
  currency: string;
  meters: number;
  total: Maybe;
  subsidy: Maybe;
  net: Maybe;
  payback_years: Maybe;
}

/** Bills as a share of income, of the `meters` whose income is known. */
export interface Burden {
  meters: number;
  before_percent: Estimate;
  after_percent: Maybe;
}

export interface Money {
  bill: Bill | null;
  investment: Investment | null;
  burden: Burden | null;
}

/** How a benefit is spread over incomes, poorest first. */
export interface Concentration {
  of: "bill" | "energy";
  by: string;
  cluster_unit: string;
  meters: number;
  without_income: number;
  units: number;
  index: Maybe;
  ci: [Maybe, Maybe];
  absolute: { unit: string; value: Maybe; ci: [Maybe, Maybe] };
  curve: { poorest_percent: number; percent: Estimate }[];
}

/** Who gains: of all meters together. */
export interface Inclusion extends Money {
  /** Whether the groups of a column differ; p_holm: adjusted for all columns. */
  interaction: { by: string; groups: number; q: Maybe; df: Maybe; df_error: Maybe; p: Maybe;
    p_holm: Maybe }[];
  losers: { raw_percent: Maybe; noise_percent: Maybe; spread_percent: Maybe; percent: Maybe;
    ci: [Maybe, Maybe] } | null;
  concentration: Concentration | null;
}

export interface GroupRow extends Money {
  group: string;
  meters: number;
  observed: Maybe;
  counterfactual: Maybe;
  savings: Estimate;
  percent: Estimate;
  co2e_kg: Estimate | null;
  truth_percent: Maybe;
  /** Against the other groups of the column; p_holm: adjusted for all of them. */
  against_rest: { difference_percent: Maybe; se_percent: Maybe; p: Maybe; p_holm: Maybe } | null;
}

/** Means per meter and hour, 24 each; season: all, djf, mam, jja, son. */
export interface LoadShape {
  season: string;
  before: Maybe[];
  after: Maybe[];
  counterfactual: Maybe[];
}

/** How the interval was made; half-widths and percents are of the counterfactual. */
export interface Interval {
  method: "calibrated" | "block" | "caltrack2";
  calibrated: boolean;
  /** Years without a measure; coverage is the share of them, 0 to 1, that intervals calibrated on
   * the others contain. */
  placebos?: {
    n: number;
    meters: number;
    pairs: number;
    treated: number;
    untreated: number;
    coverage: Maybe;
    mean_percent: Maybe;
    half_percent: Maybe;
  } | null;
  caltrack2?: { savings: Estimate; percent: Estimate } | null;
  /** The smallest true effect found four times in five. before: by the placebos alone. */
  detectable_percent?: { before: Maybe; after: Maybe } | null;
  one_sided_percent?: { at_least: Maybe } | null;
}

/** What was measured in a year without a measure, and the half-width of its interval. */
export interface Placebo {
  error_percent: number;
  half_percent: Maybe;
}

/** What meters without a measure did in the same time; savings are positive. */
export interface Comparison {
  meters: number;
  method: string;
  change_percent: Estimate;
  before_percent: Estimate;
  verdict: "good" | "acceptable" | "poor";
  /** Of level, months, hours; empty where all meters are taken. */
  matched_on?: string[];
  /** Standardised mean differences; feature: level, jan to dec, and the hour of the week that differs
      most, such as mon-17. */
  balance: { feature: string; before: Maybe; after: Maybe }[];
  methods: { method: string; percent: Estimate; meters: number }[];
}

/** Changes in single meters that the measure did not make. */
export interface Events {
  /** Treated meters that changed, of those measured. */
  meters: number;
  measured: number;
  without_percent: Estimate | null;
  list: {
    meter: string;
    period: "baseline" | "reporting";
    kind: string;
    from: string;
    to: string | null;
    size_percent: Maybe;
  }[];
}

/** In kg CO2e a year; part: a code of MDG_NET_PARTS. */
export interface NetPart extends Estimate {
  part: string;
}

/** Of a tonne. no-top: at least lo, without an upper bound; nothing: there is none. */
export interface NetCost extends Estimate {
  currency: string;
  year: number;
  verdict: "interval" | "no-top" | "nothing";
}

/** What is left of the CO2e avoided after rebound, own footprint and induced effects. */
export interface Net {
  parts: NetPart[];
  probability_above_0: Maybe;
  verdict: "avoids" | "unclear" | "adds";
  cost_per_tonne: NetCost | null;
  draws: number;
  /** Of the treated meters that were measured, and of what counts against them. */
  share: number;
  source: string;
  rebound_source: string | null;
  /** tier: 1 to 3, 0 is none; basis, lacks: by codes of MDG_ASSESSED. */
  assessment: {
    tier: number;
    basis: Record<string, string>;
    lacks: string[];
    claims: string[];
    may_say_avoids: boolean;
  };
}

export interface Report {
  page?: undefined;
  lang: "en" | "ko";
  created: string;
  tool: { name: string; version: string };
  measure: { id: string; title: string; type: string; city: string };
  quantity: { fuel: string; unit: string };
  window: { baseline: Span; installation: Span; reporting: Span; staggered: boolean };
  level: number;
  interval: Interval;
  /** Ascending by error. */
  placebo?: { points: Placebo[] } | null;
  comparison?: Comparison | null;
  events?: Events | null;
  total: {
    observed: Maybe;
    counterfactual: Maybe;
    savings: Estimate;
    percent: Estimate;
    co2e: Co2e[];
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
  /** Where the measure asks for whom. */
  inclusion: Inclusion | null;
  distribution: {
    unit: string;
    bins: { from: number; to: number; count: number }[];
    below: number;
    above: number;
    p10: Maybe;
    median: Maybe;
    p90: Maybe;
  };
  /** Of measures whose file has a footprint. */
  net?: Net | null;
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

/** One interval, tried on the meters' years or on portfolios of them; shares, not percents. */
export interface Result {
  model: string;
  interval: "caltrack2" | "block" | "calibrated";
  /** 1 is a single meter. */
  size: number;
  group: string | null;
  level: number;
  n: number;
  coverage: Maybe;
  coverage_se: Maybe;
  bias_mean: Maybe;
  bias_mean_se: Maybe;
  bias_median: Maybe;
  half_width_median: Maybe;
  half_width_ratio: Maybe;
  detectable: Maybe;
  cvrmse_median: Maybe;
  nmbe_median: Maybe;
  tried: number;
  measured: number;
  curve: { level: number; coverage: Maybe }[];
}

export interface Validation {
  page: "validation";
  lang: "en" | "ko";
  created: string;
  tool: { name: string; version: string };
  level: number;
  /** First and last year that was predicted. */
  years: { from: number; to: number };
  readings: string;
  models: {
    model: string;
    measured: number;
    tried: number;
    meters: number;
    cvrmse_median: Maybe;
    nmbe_median: Maybe;
    disqualified: { reason: string; words: string; count: number }[];
    placebos: Placebo[];
  }[];
  results: Result[];
}

/** One effect that was pooled. `y` and `se` are on the scale of pooling, `shown` in `unit`. */
export interface PoolEffect {
  label: string;
  year: Maybe;
  grade: Maybe;
  weight: Maybe;
  y: number;
  se: number;
  shown: Estimate;
  moderators: Record<string, Maybe>;
}

/** The mean along a moderator, the others at their means; `pi`: where single cities lie. */
export interface PoolLinePoint {
  x: number;
  mean: Estimate;
  pi: Estimate;
}

export interface PoolModerator {
  name: string;
  estimate: Maybe;
  se: Maybe;
  p: Maybe;
  p_permuted: Maybe;
  line: PoolLinePoint[];
}

export interface PoolStep {
  label: string;
  shown: Estimate;
  i2: Maybe;
}

/** What a method says the mean is; `p` is its test for bias. */
export interface PoolBiasRow {
  method: "egger" | "egger_lm" | "rank" | "pet" | "peese" | "trim_fill" | "selection";
  shown: Estimate | null;
  p: Maybe;
  missing: Maybe;
}

export interface PoolTransfer {
  city: string;
  shown: Estimate;
  /** Per unit and year, and of the whole stock; null where the city's file lacks what they need. */
  energy: { unit: string; per_unit: Estimate; stock: Estimate } | null;
  co2e_t: Estimate | null;
  own_weight: number;
  outside: { moderator: string; value: number; lo: number; hi: number }[];
  moderators: Record<string, Maybe>;
}

export interface PoolResult {
  type: string | null;
  title: string;
  sentence: string;
  /** "%" saved, "kWh" saved per unit and year, or "" as given. */
  unit: string;
  k: number;
  cities: number;
  method: string;
  test: string;
  pi_convention: "t-k2" | "t-k1" | "z";
  /** The centre and slopes of the funnel: the mean on the scale of pooling. */
  mean_y: Maybe;
  pooled: Estimate;
  /** NaN bounds where there is none, with the reason in words. */
  pi: Estimate;
  pi_words: string | null;
  tau: Maybe;
  i2: Maybe;
  i2_ci: [Maybe, Maybe];
  q: Maybe;
  q_p: Maybe;
  r2: Maybe;
  effects: PoolEffect[];
  moderators: PoolModerator[];
  leave_one_out: PoolStep[];
  cumulative: PoolStep[];
  /** `alike`: standard errors hardly differ, so that no line is drawn through them. */
  bias: { few: boolean; alike: boolean; rows: PoolBiasRow[]; filled: { y: number; se: number }[] } | null;
  robust: Estimate | null;
  profiled: Estimate | null;
  grade: { value: number; records: number; down: { code: string; words: string }[] } | null;
  transfer: PoolTransfer | null;
}

export interface PoolPage {
  page: "pool";
  lang: string;
  created: string;
  tool: { name: string; version: string };
  level: number;
  /** Half of a normal interval at the level, in standard errors. */
  funnel_half: number;
  outcome: string;
  pools: PoolResult[];
  left_out: { file: string; city: string | null; words: string }[];
}
