/**
 * What a training run writes down: a line of JSON a step and an epoch.
 *
 * @module
 */

import { atomicWrite } from "@/files/atomic_write.ts";
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
   * @param tensorBoard Where it is also logged for TensorBoard: photos a step.
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

  /** The history of a worker that writes nothing. */
  static inMemory(): History {
    return new History(undefined, []);
  }

  /** All records so far. */
  get records(): readonly HistoryRecord[] {
    return this.#records;
  }

  /** Adds a record; `flush` brings it to the disk. */
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
   * Appends what is new to the file and brings it to the disk.
   *
   * @throws {Error} In one sentence, when the disk is full.
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

  /** Mean loss of an epoch's steps. */
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
 * @returns Its records; none when there is no history. A line that a crash cut
 * off ends it.
 */
export async function readHistory(folder: string): Promise<HistoryRecord[]> {
  let text = "";
  try {
    text = await Deno.readTextFile(`${folder}/${HISTORY_FILE}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
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
