// Runtime figures of one process, and what its garbage collector did to the tail. Never mixed over roles.

export const ROLES = ['generator', 'target'] as const;
export type Role = (typeof ROLES)[number];

/** The seed's ResourceSample; heap fields from V8, `goroutines` = active resources of the process. */
export interface ResourceSample {
  readonly second: number;
  readonly goroutines: number;
  readonly heap_alloc_mb: number;
  readonly heap_sys_mb: number;
  readonly num_gc: number;
  readonly gc_pause_total_us: number;
}

/** One second of a process, labelled by role in the report. Intervals are since the previous sample. */
export interface ProcessSample extends ResourceSample {
  readonly rssBytes: number;
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  /** 0…1 of one core, user + system over the interval. */
  readonly cpuUtilisation: number;
  readonly eventLoopUtilisation: number;
  readonly eventLoopDelayP99Us: number | null;
  readonly eventLoopDelayMaxUs: number | null;
}

/** A stop of the main thread's JavaScript. Monotonic nanoseconds since the run's origin. */
export interface GcPause {
  readonly startNs: number;
  readonly durationNs: number;
  readonly kind: 'minor' | 'major' | 'incremental' | 'weak-callback' | 'other';
}

/** The seed's GCCorrelation. Null where nothing could be computed (absence is not zero). */
export interface GcCorrelation {
  readonly total_p95_requests: number;
  readonly gc_attributed_requests: number;
  readonly gc_attribution_pct: number;
  readonly total_gc_pauses: number;
  readonly max_gc_pause_us: number;
  readonly avg_gc_pause_us: number;
  readonly total_gc_pause_us: number;
}

/** What the seed's figure needs beside it to mean anything (docs/METHOD.md, GC). */
export interface GcAssociation {
  readonly role: Role;
  readonly correlation: GcCorrelation | null;
  /** Share of tail excess time that pauses could explain at most. */
  readonly tailTimeShare: number | null;
  readonly observedOverlapShare: number | null;
  /** The same share expected by chance: mean over circular shifts of the pause train. */
  readonly chanceOverlapShare: number | null;
  readonly lift: number | null;
  readonly liftLow: number | null;
  readonly liftHigh: number | null;
  readonly pValue: number | null;
  readonly shifts: number;
  readonly seed: number;
  /** Why a figure is null, or what to beware of. */
  readonly note: string;
}
