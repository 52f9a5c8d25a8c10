/**
 * Whether the disk has room for the environment.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { UserError } from "@/errors/user_error.ts";
import type { Variant } from "./check_platform.ts";

/** Gigabytes (10⁹ bytes) that a first set-up needs, downloads included. */
const needed: Record<Variant, number> = { cpu: 3, cuda: 10 };

/** Bytes free for this user on the disk that holds `folder`. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Checks that there is room for a first set-up in `folder`.
 *
 * @param free Gives the free bytes of a folder's disk.
 * @throws {UserError} Where there is less than needed.
 */
export async function checkDisk(
  folder: string,
  variant: Variant,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<void> {
  const gigabytes = await free(folder) / 1e9;
  if (gigabytes >= needed[variant]) return;
  throw new UserError(
    `Set-up needs ${needed[variant]} GB of free disk in "${folder}", but ` +
      `there are ${gigabytes.toFixed(1)} GB: free some and run ` +
      '"deno task setup" again.',
  );
}
