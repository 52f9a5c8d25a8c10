/**
 * What happens to runs that are killed, interrupted, or run out of disk. Each
 * run is a process of its own.
 */
import { fileURLToPath } from "node:url";
import { seededRandom } from "@/random/seeded_random.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { canMountDisk, withSmallDisk } from "../datasets/_photos.ts";
import { withFolder } from "../_folder.ts";
import type { TinyOutcome, TinyRun } from "./_tiny_run.ts";

const script = fileURLToPath(new URL("./_tiny_run.ts", import.meta.url));
const canMount = await canMountDisk();
const STEPS = 40;

interface Ended {
  readonly code: number;
  readonly signal: string | null;
  readonly lines: string[];
  readonly stderr: string;
  readonly outcome: TinyOutcome | undefined;
}

/**
 * Runs a process to its end, or until it has printed `step N` for the N that
 * it shall get the signal after.
 */
async function run(
  settings: TinyRun,
  signalAfter?: readonly [Deno.Signal, number],
): Promise<Ended> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, JSON.stringify(settings)],
    env: { TF_CPP_MIN_LOG_LEVEL: "3", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (signalAfter === undefined) continue;
    const [signal, step] = signalAfter;
    if (text.includes(`step ${step}\n`)) {
      signalAfter = undefined;
      child.kill(signal);
    }
  }
  const { code, signal } = await child.status;
  const lines = text.trim().split("\n");
  const last = lines.at(-1)!;
  const outcome = last.startsWith("{") ? JSON.parse(last) : undefined;
  return { code, signal, lines, stderr: await stderr, outcome };
}

function firstStep({ lines }: Ended): number {
  return Number(/^step (\d+)$/.exec(lines[0] ?? "")?.[1]);
}

function checkpoints(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .filter((name) => name.startsWith("checkpoint-")).sort();
}

async function killAt(step: number, folder: string): Promise<void> {
  const { signal } = await run(
    { folder, steps: STEPS, holdAfter: step },
    ["SIGKILL", step],
  );
  assertEquals(signal, "SIGKILL");
}

let undisturbed: Promise<TinyOutcome> | undefined;

/** What a run of {@linkcode STEPS} steps gives when nothing happens to it. */
function expected(): Promise<TinyOutcome> {
  undisturbed ??= (async () => {
    let outcome: TinyOutcome | undefined;
    await withFolder(async (folder) => {
      ({ outcome } = await run({ folder, steps: STEPS }));
    });
    assertEquals(outcome?.history.length, STEPS + STEPS / 5);
    return outcome!;
  })();
  return undisturbed;
}

Deno.test("a run that is killed again and again ends as if it had not been, bit for bit", async () => {
  await withFolder(async (folder) => {
    const random = seededRandom("kills");
    for (const [kills, from] of [2, 9, 16, 24, 33].entries()) {
      // Half of the time, every step is saved: the kill may fall into that.
      const saveEverySeconds = kills % 2 === 0 ? 0 : 20;
      const step = from + Math.floor(random() * 3);
      const killed = await run(
        { folder, steps: STEPS, saveEverySeconds, holdAfter: step + 3 },
        ["SIGKILL", step],
      );
      assertEquals([killed.signal, killed.stderr], ["SIGKILL", ""]);
    }
    const ended = await run({ folder, steps: STEPS });
    assertEquals(ended.outcome, await expected());
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assertEquals(left.filter((name) => name.endsWith(".tmp")), []);
  });
});

Deno.test("a run whose newest checkpoint is damaged resumes from the one before and says so", async () => {
  await withFolder(async (folder) => {
    await killAt(12, folder);
    const [before, newest] = checkpoints(folder);
    const bytes = await Deno.readFile(`${folder}/${newest}`);
    // As if it had been killed while it wrote, in each of the two ways.
    await Deno.truncate(`${folder}/${newest}`, bytes.length / 3);
    const leftover = `${folder}/${newest}.4194305.tmp`;
    await Deno.writeFile(leftover, bytes.subarray(0, 1000));
    const ended = await run({ folder, steps: STEPS });
    assertEquals(
      ended.stderr.trim().split("\n"),
      [`Skipped the checkpoint "${newest}": The file ends before tensor "${
        /tensor "([^"]+)"/.exec(ended.stderr)?.[1]
      }" does.`],
    );
    assertEquals(firstStep(ended), Number(/\d+/.exec(before!)) + 1);
    assertEquals(ended.outcome, await expected());
    assertEquals(checkpoints(folder).length, 2); // the leftover is gone
  });
});

Deno.test("a run whose newest checkpoint has wrong bits resumes from the one before", async () => {
  await withFolder(async (folder) => {
    await killAt(12, folder);
    const [before, newest] = checkpoints(folder);
    const bytes = await Deno.readFile(`${folder}/${newest}`);
    bytes[bytes.length - 100]! ^= 0x10;
    await Deno.writeFile(`${folder}/${newest}`, bytes);
    const ended = await run({ folder, steps: STEPS });
    assertStringIncludes(ended.stderr, "do not match their checksum");
    assertEquals(firstStep(ended), Number(/\d+/.exec(before!)) + 1);
    assertEquals(ended.outcome, await expected());
  });
});

Deno.test("Ctrl-C stops after the step, saves, says how to go on, and the next run does", async () => {
  await withFolder(async (folder) => {
    // Long enough that it cannot end before the signal comes.
    const stopped = await run({ folder, steps: 1e5 }, ["SIGINT", 7]);
    assertEquals([stopped.code, stopped.signal], [130, null]);
    const last = Number(stopped.lines.at(-1)!.split(" ")[1]);
    assertEquals(
      stopped.stderr.trim(),
      `Training stopped after step ${last} of 100000; ` +
        "run it again to resume.",
    );
    assertMatch(checkpoints(folder).at(-1)!, new RegExp(`-0*${last}\\.`));
    const next = await run({ folder, steps: 1e5 }, ["SIGINT", last + 1]);
    assertEquals([next.code, firstStep(next)], [130, last + 1]);
  });
});

Deno.test("a run that Ctrl-C stopped ends as if it had not been, bit for bit", async () => {
  await withFolder(async (folder) => {
    const stopped = await run(
      { folder, steps: STEPS, pause: 50 },
      ["SIGINT", 3],
    );
    assertEquals(stopped.code, 130);
    const ended = await run({ folder, steps: STEPS });
    assertEquals(ended.outcome, await expected());
  });
});

Deno.test({
  name: "a full disk gives one sentence, and the last checkpoint is intact" +
    (canMount ? "" : " (skipped: mounting a small disk takes root)"),
  ignore: !canMount,
  fn: () =>
    withSmallDisk(96 << 10, async (disk) => {
      // Room for two checkpoints of 18 kB, but not for three at once.
      const folder = `${disk}/run`;
      await Deno.mkdir(folder);
      await Deno.writeFile(`${disk}/filler`, new Uint8Array(36 << 10));
      const ended = await run({ folder, steps: STEPS });
      assertEquals([ended.code, ended.outcome], [1, undefined]);
      assertMatch(
        ended.stderr.trim(),
        /^error: Could not write "[^"\n]+": the disk is full\.$/,
      );
      const saved = checkpoints(folder);
      assert(saved.length > 0);
      await Deno.remove(`${disk}/filler`);
      const again = await run({ folder, steps: STEPS });
      assertEquals(again.stderr, "");
      assertEquals(firstStep(again), Number(/\d+/.exec(saved.at(-1)!)) + 1);
      assertEquals(again.outcome, await expected());
    }),
});

Deno.test("a loss that is not a number ends the run with one sentence", async () => {
  await withFolder(async (folder) => {
    const { code, stderr } = await run({ folder, steps: STEPS, nanAt: 4 });
    assertEquals(code, 1);
    assertEquals(
      stderr,
      "error: Training diverged: the loss of step 4 is NaN.\n",
    );
  });
});
