/**
 * The records of a training run: one for each step and one for each epoch.
 *
 * @module
 */

/** Losses of one step, by name; `loss` is what is minimised. */
export type LossParts = Readonly<Record<string, number>>;

/** One training step. */
export interface StepRecord {
  /** Distinguishes the two kinds of records. */
  readonly kind: "step";
  /** Counted from 1. */
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** The training loss of the step's batch. */
  readonly loss: number;
  /** The loss in its parts, where it has several. */
  readonly parts?: LossParts;
}

/** The end of an epoch. */
export interface EpochRecord {
  /** Distinguishes the two kinds of records. */
  readonly kind: "epoch";
  /** Counted from 1. */
  readonly epoch: number;
  /** The epoch's last step, counted from 1. */
  readonly step: number;
  /** Mean training loss of the epoch's steps. */
  readonly trainLoss: number;
  /** Loss on the validation split. */
  readonly validLoss: number;
  /** Mean PSNR on the validation split, on 8-bit pixels, in dB. */
  readonly validPsnrDb: number;
  /** The validation loss in its parts, where it has several. */
  readonly parts?: LossParts;
}

/** A line of a run's history. */
export type HistoryRecord = StepRecord | EpochRecord;

/** A record together with the name of its run. */
export type RunRecord = HistoryRecord & { readonly run: string };

/** What a pass over the validation split measures. */
export type Validation = Pick<
  EpochRecord,
  "validLoss" | "validPsnrDb" | "parts"
>;
