/**
 * The history of a training run: a line of JSON for each step and epoch.
 *
 * @module
 */

import { atomicWrite } from "@/files/atomic_write.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { writeError } from "@/files/system_error.ts";
import type { HistoryRecord } from "./records.ts";
import { TensorBoardLog } from "./tensorboard_log.ts";

/** Name of the file in a run's folder. */
export const HISTORY_FILE = "history.jsonl";

/** The history of a run, in memory and on the disk. */
export class History {
  readonly #path: string | undefined;
  readonly #records: HistoryRecord[];
  readonly #log: TensorBoardLog | undefined;
  #written: number;

  private constructor(
    path: string | undefined,
    records: HistoryRecord[],
    log?: TensorBoardLog,
  ) {
    this.#path = path;
    this.#records = records;
    this.#log = log;
    this.#written = records.length;
  }

  /**
   * Opens a run's history as it was after a step; what came later is dropped.
   *
   * @param folder The run's folder.
   * @param step Steps done, 0 for a new run.
   * @param tensorBoard Photos in each step, if it is also logged for
   * TensorBoard.
   * @returns The history.
   */
  static async open(
    folder: string,
    step: number,
    tensorBoard?: { readonly batchSize: number },
  ): Promise<History> {
    const path = `${folder}/${HISTORY_FILE}`;
    const records = (await readHistory(folder)).filter((record) =>
      record.step <= step
    );
    await atomicWrite(path, lines(records));
    const log = tensorBoard &&
      await TensorBoardLog.open(folder, records, tensorBoard.batchSize);
    return new History(path, records, log);
  }

  /**
   * Starts the history of a worker that writes nothing.
   *
   * @returns An empty history.
   */
  static inMemory(): History {
    return new History(undefined, []);
  }

  /** All records so far. */
  get records(): readonly HistoryRecord[] {
    return this.#records;
  }

  /**
   * Adds a record; `flush` writes it.
   *
   * @param record The newest record.
   */
  add(record: HistoryRecord): void {
    this.#records.push(record);
    this.#log?.add(record);
  }

  /**
   * Adds a figure of current reconstructions to the log for TensorBoard.
   *
   * @param step Steps done.
   * @param bytes A PNG or JPEG file.
   */
  async addPhotos(step: number, bytes: Uint8Array): Promise<void> {
    await this.#log?.addPhotos(step, bytes);
  }

  /**
   * Appends what is new to the file and flushes it to the disk.
   *
   * @throws {UserError} When the disk is full.
   */
  async flush(): Promise<void> {
    if (this.#path === undefined) return;
    const bytes = new TextEncoder().encode(
      lines(this.#records.slice(this.#written)),
    );
    if (bytes.length === 0) return;
    try {
      using file = await Deno.open(this.#path, { append: true });
      for (let at = 0; at < bytes.length;) {
        at += await file.write(bytes.subarray(at));
      }
      await file.sync();
    } catch (error) {
      throw writeError(this.#path, error);
    }
    this.#written = this.#records.length;
    await this.#log?.flush();
  }

  /**
   * The mean loss of an epoch's steps.
   *
   * @param epoch Counted from 1.
   * @returns The mean; not a number without any steps.
   */
  epochLoss(epoch: number): number {
    const losses = this.#records.flatMap((record) =>
      record.kind === "step" && record.epoch === epoch ? [record.loss] : []
    );
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  }
}

/**
 * Reads a run's history, also while it is being written.
 *
 * @param folder The run's folder.
 * @returns Its records, up to a line that was cut off by a crash; none if there
 * is no history.
 */
export async function readHistory(folder: string): Promise<HistoryRecord[]> {
  const text = await readTextIfPresent(`${folder}/${HISTORY_FILE}`) ?? "";
  const records: HistoryRecord[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      records.push(JSON.parse(line));
    } catch {
      break;
    }
  }
  return records;
}

function lines(records: readonly HistoryRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
