/**
 * One step of `large_photo.ts`: encodes or decodes a photo once and prints time
 * and memory as JSON.
 *
 * @module
 */
import {
  decodeImage,
  encodeImage,
  loadModel,
  parseHeader,
  readWeights,
} from "@/codec/mod.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { readImage } from "@/images/mod.ts";
import "@/tensorflow/mod.ts"; // the backend
import type {
  LargePhotoFiles,
  LargePhotoStep,
  StepCost,
} from "./large_photo.ts";

async function runStep(
  step: LargePhotoStep,
  { weights, photo, file, quality }: LargePhotoFiles,
): Promise<StepCost> {
  const loaded = loadModel(readWeights(await Deno.readFile(weights)));
  let ms: number;
  if (step === "encode") {
    const pixels = await readImage(photo);
    const started = performance.now();
    const made = await encodeImage(loaded, pixels, { quality });
    ms = performance.now() - started;
    await Deno.writeFile(file, made);
  } else {
    const whole = await Deno.readFile(file);
    const { mediumBytes } = parseHeader(whole);
    const bytes = step === "medium" ? whole.subarray(0, mediumBytes) : whole;
    const started = performance.now();
    await decodeImage(loaded, bytes, { size: step });
    ms = performance.now() - started;
  }
  loaded.dispose();
  return { ms, mebibytes: await mostMemory() };
}

/** The most memory that this process ever had, as Linux counts it. */
async function mostMemory(): Promise<number | null> {
  const status = await readTextIfPresent("/proc/self/status") ?? "";
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Math.round(Number(kibibytes) / 1024);
}

if (import.meta.main) {
  const [step, files] = Deno.args;
  const cost = await runStep(step as LargePhotoStep, JSON.parse(files!));
  console.log(JSON.stringify(cost));
}
