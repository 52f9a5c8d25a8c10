import { assertGreater, assertRejects } from "@std/assert";
import { checkDisk, freeBytes } from "@/tasks/setup/check_disk.ts";
import { UserError } from "@/errors/user_error.ts";

Deno.test("checkDisk wants 3 GB, and 10 GB with CUDA", async () => {
  await checkDisk("/here", "cpu", () => Promise.resolve(3e9));
  await checkDisk("/here", "cuda", () => Promise.resolve(10e9));
  await assertRejects(
    () => checkDisk("/here", "cpu", () => Promise.resolve(2.94e9)),
    UserError,
    'Set-up needs 3 GB of free disk in "/here", but there are 2.9 GB',
  );
  await assertRejects(
    () => checkDisk("/here", "cuda", () => Promise.resolve(9e9)),
    UserError,
    "needs 10 GB",
  );
});

Deno.test("freeBytes asks the disk of a folder", async () => {
  assertGreater(await freeBytes("."), 0);
});
