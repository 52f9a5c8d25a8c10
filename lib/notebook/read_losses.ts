/**
 * The losses of a run from its history file, which may still be growing.
 *
 * @module
 */
import type { EpochLoss, StepLoss } from "@/charts/mod.ts";

/**
 * Read the loss records of a `history.jsonl`: one JSON object a line. A last
 * line without its line break is still being written and is left out, as are
 * records that are not of losses.
 *
 * @param path The file.
 * @returns Records in the file's order.
 * @throws {Error} When the file is missing, or a line is not a JSON object.
 */
export async function readLosses(
  path: string,
): Promise<(StepLoss | EpochLoss)[]> {
  const lines = (await readText(path)).split("\n").slice(0, -1);
  return lines.flatMap((line, index) => {
    const record = parse(line);
    if (record === undefined) {
      throw new Error(
        `Line ${index + 1} of ${JSON.stringify(path)} is not a JSON object: ` +
          JSON.stringify(line.slice(0, 80)),
      );
    }
    return isLoss(record) ? [record] : [];
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`There is no history ${JSON.stringify(path)}`);
  }
}

function parse(line: string): object | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === "object" && record !== null ? record : undefined;
  } catch {
    return undefined;
  }
}

function isLoss(record: object): record is StepLoss | EpochLoss {
  if (!("kind" in record && "step" in record)) return false;
  const known = record.kind === "step" && "loss" in record ||
    record.kind === "epoch" && "validLoss" in record;
  return known && typeof record.step === "number";
}
