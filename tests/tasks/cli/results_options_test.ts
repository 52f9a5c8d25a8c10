import { tensorBoardLine } from "@/tasks/cli/results_options.ts";
import { assertEquals } from "@std/assert";

Deno.test("tensorBoardLine gives a command for where it is printed", () => {
  const line = (results: string, from: string) =>
    tensorBoardLine(results, "/srv/project", from);
  assertEquals(
    line("/srv/project/results", "/srv/project"),
    "TensorBoard: .venv/bin/tensorboard --logdir results/runs",
  );
  assertEquals(
    line("/tmp/it's new", "/home/me"),
    "TensorBoard: /srv/project/.venv/bin/tensorboard " +
      "--logdir '/tmp/it'\\''s new/runs'",
  );
});
