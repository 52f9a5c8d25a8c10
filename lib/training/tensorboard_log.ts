/**
 * A run's history as TensorBoard's event files. Losses of steps and of
 * validation have the same names in two folders, `train` and `validation`, so
 * that TensorBoard draws them in one chart.
 *
 * @module
 */

import { EventFile } from "./event_file.ts";
import type { HistoryRecord } from "./records.ts";
import { Speedometer } from "./speedometer.ts";

/** The log of one run. */
export class TensorBoardLog {
  readonly #train: EventFile;
  readonly #validation: EventFile;
  readonly #speed: Speedometer;

  private constructor(train: EventFile, valid: EventFile, batchSize: number) {
    this.#train = train;
    this.#validation = valid;
    this.#speed = new Speedometer("", batchSize, 0);
  }

  /**
   * Opens a run's log as it was after the last of some records, and adds those
   * that it lacks, such as steps that were taken without a log.
   *
   * @param folder The run's folder.
   * @param records All records so far.
   * @param batchSize Photos in each step, for the speed.
   * @returns The log.
   * @throws {UserError} When the disk is full.
   */
  static async open(
    folder: string,
    records: readonly HistoryRecord[],
    batchSize: number,
  ): Promise<TensorBoardLog> {
    const done = records.at(-1)?.step ?? 0;
    const [train, valid] = [
      await EventFile.open(`${folder}/train`, done),
      await EventFile.open(`${folder}/validation`, done),
    ];
    const log = new TensorBoardLog(train, valid, batchSize);
    for (const record of records) {
      const { lastStep } = record.kind === "step" ? train : valid;
      if (record.step > lastStep) log.#add(record);
    }
    await log.flush();
    return log;
  }

  /**
   * Adds what has just been measured; `flush` writes it.
   *
   * @param record The newest record.
   */
  add(record: HistoryRecord): void {
    if (record.kind === "epoch") return this.#add(record);
    const { imagesPerSecond } = this.#speed.report(record.step, record.loss);
    this.#add(record, { imagesPerSecond: imagesPerSecond! });
  }

  /**
   * Adds a figure of current reconstructions; `flush` writes it.
   *
   * @param step Steps done.
   * @param bytes A PNG or JPEG file.
   */
  async addPhotos(step: number, bytes: Uint8Array): Promise<void> {
    await this.#validation.addPhotos(moment(step), "photos", bytes);
  }

  /**
   * Writes what is new.
   *
   * @throws {UserError} When the disk is full.
   */
  async flush(): Promise<void> {
    await this.#train.flush();
    await this.#validation.flush();
  }

  #add(record: HistoryRecord, more: Readonly<Record<string, number>> = {}) {
    const { step, parts } = record;
    if (record.kind === "step") {
      const { loss } = record;
      this.#train.addScalars(moment(step), { loss, ...parts, ...more });
    } else {
      const { validLoss: loss, validPsnrDb: psnrDb } = record;
      this.#validation.addScalars(moment(step), { loss, psnrDb, ...parts });
    }
  }
}

function moment(step: number): { step: number; seconds: number } {
  return { step, seconds: Date.now() / 1000 };
}
