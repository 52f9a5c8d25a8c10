/** `deno task edge` and `deno task serve` as users run them. */
import { findProgram } from "@/edge/cache_server.ts";
import { main as edge } from "@/tasks/edge/edge.ts";
import { main as serve } from "@/tasks/edge/serve.ts";
import { UserError } from "@/errors/user_error.ts";
import { join } from "node:path";
import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { writePhoto } from "../../edge/_photo_files.ts";
import { withFolder } from "../../_folder.ts";
import { runTask } from "../_run_task.ts";

const hasNginx = findProgram("nginx") !== undefined;
if (!hasNginx) {
  console.log("skipped: deno task edge, as nginx is not installed");
}

async function withPhotos(work: (folder: string) => Promise<void>) {
  await withFolder(async (folder) => {
    const photos = join(folder, "photos");
    await Deno.mkdir(photos);
    await writePhoto(join(photos, "heron.onecode"), [10, 5000, 9000]);
    await writePhoto(join(photos, "wren.onecode"), [10, 3000, 3000]);
    await work(folder);
  });
}

Deno.test({
  name: "deno task edge replays a log and agrees with the simulator",
  ignore: !hasNginx,
  fn: async () => {
    await withPhotos(async (folder) => {
      const log = join(folder, "log.jsonl");
      const line = (photo: string, size: string) =>
        JSON.stringify({ photo, size });
      await Deno.writeTextFile(
        log,
        [
          line("heron", "medium"),
          line("heron", "medium"),
          "broken",
          line("stork", "high"),
          line("heron", "high"),
          line("wren", "high"),
          line("wren", "medium"),
        ].join("\n") + "\n",
      );
      const args = [join(folder, "photos"), "--log", log, "--port", "0"];
      const expected = { whole: 3, slices: 2, layers: 2 };
      for (const [way, hits] of Object.entries(expected)) {
        const end = await runTask(
          "edge/edge",
          [...args, "--cache", way],
          folder,
        );
        assertEquals(end.code, 0, end.stderr);
        assertMatch(end.stdout, /^nginx\/\d/);
        assertMatch(end.stdout, /Requests +5\n/);
        assertMatch(end.stdout, new RegExp(`Hits +${hits} \\(`));
        assertStringIncludes(end.stdout, "the same hits and bytes");
        const [, clients, byNginx] =
          /clients +([\d,]+)\n +by nginx's log +([\d,]+)\n/.exec(end.stdout)!;
        assertEquals(clients, byNginx);
        assertStringIncludes(end.stderr, "line 3: it is not JSON");
        assertStringIncludes(end.stderr, 'skipped: 1, such as "stork"');
      }
    });
  },
});

Deno.test({
  name: "deno task edge ends by Ctrl+C, and its cache with it",
  ignore: !hasNginx,
  fn: async () => {
    await withPhotos(async (folder) => {
      await Deno.writeTextFile(
        join(folder, "photos", "broken.onecode"),
        "no photo",
      );
      const args = [join(folder, "photos"), "--requests", "1000000"];
      const end = await runTask(
        "edge/edge",
        [...args, "--port", "0"],
        folder,
        "broken.onecode",
      );
      assertEquals(end.code, 130, end.stderr);
      const address = /Cache: +(\S+)/.exec(end.stdout)?.[1];
      if (address !== undefined) await assertRejects(() => fetch(address));
    });
  },
});

Deno.test("deno task edge and serve say in a sentence what they lack", async () => {
  await withPhotos(async (folder) => {
    const photos = join(folder, "photos");
    const refusals: [() => Promise<void>, string][] = [
      [() => edge([]), "Give one folder"],
      [() => edge([photos, "more"]), "Give one folder"],
      [() => edge([folder, "--server", "varnish"]), "add --cache whole"],
      [
        () =>
          edge([
            ...[photos, "--server", "varnish", "--cache", "whole"],
            ...["--size", "1"],
          ]),
        "Varnish takes no less than 1.05 MB: --size 1 is too small.",
      ],
      [() => edge([join(folder, "none")]), "There is no complete .onecode"],
      [() => serve([]), "Give one folder"],
      [() => serve([join(folder, "none")]), "There is no folder"],
    ];
    for (const [run, sentence] of refusals) {
      await assertRejects(run, UserError, sentence);
    }
  });
});
