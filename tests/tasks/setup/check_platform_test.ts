import {
  assertEquals,
  assertGreater,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  checkDisk,
  checkPlatform,
  freeBytes,
} from "@/tasks/setup/check_platform.ts";
import { PARTS } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

const linux = { os: "linux", arch: "x86_64", musl: false, nvidia: false };

Deno.test("checkPlatform takes CUDA where there is a driver", () => {
  assertEquals(checkPlatform(linux), "cpu");
  assertEquals(checkPlatform({ ...linux, nvidia: true }), "cuda");
});

Deno.test("checkPlatform lets the user decide", () => {
  assertEquals(checkPlatform({ ...linux, nvidia: true }, "cpu"), "cpu");
  assertEquals(checkPlatform(linux, "cuda"), "cuda");
  assertEquals(checkPlatform(linux, ""), "cpu");
});

Deno.test("checkPlatform knows wheels without CUDA for ARM and Apple silicon", () => {
  const arm = { ...linux, arch: "aarch64", nvidia: true };
  assertEquals(checkPlatform(arm), "cpu");
  assertEquals(checkPlatform({ ...arm, os: "darwin" }), "cpu");
});

const refused: [string, Partial<typeof linux>, string | undefined, string][] = [
  ["Windows", { os: "windows" }, undefined, "WSL 2"],
  ["FreeBSD", { os: "freebsd" }, undefined, '"freebsd"'],
  ["musl", { musl: true }, undefined, "musl"],
  ["a Mac with Intel", { os: "darwin" }, undefined, "macOS on Intel"],
  ["32-bit ARM", { arch: "arm" }, undefined, '"arm" processors'],
  ["an unknown build", {}, "gpu", 'must be "cpu" or "cuda", got "gpu"'],
  [
    "CUDA on ARM",
    { arch: "aarch64" },
    "cuda",
    "only runs on Linux on x86_64",
  ],
];
for (const [name, machine, wanted, message] of refused) {
  Deno.test(`checkPlatform refuses ${name} in one sentence`, () => {
    const error = assertThrows(
      () => checkPlatform({ ...linux, ...machine }, wanted),
      UserError,
      message,
    );
    assertEquals(error.message.includes("\n"), false);
  });
}

Deno.test("checkDisk wants what the missing parts need", async () => {
  const room = (bytes: number) => () => Promise.resolve(bytes);
  await checkDisk("/here", ["codec"], "cpu", room(0.7e9));
  await checkDisk("/here", PARTS, "cpu", room(3.2e9));
  await checkDisk("/here", PARTS, "cuda", room(9.7e9));
  await assertRejects(
    () => checkDisk("/here", PARTS, "cpu", room(2.94e9)),
    UserError,
    'Set-up needs 3.2 GB of free disk in "/here", but there are 2.9 GB',
  );
  await assertRejects(
    () => checkDisk("/here", ["engine"], "cuda", room(7.9e9)),
    UserError,
    "needs 8.0 GB",
  );
});

Deno.test("freeBytes asks the disk of a folder", async () => {
  assertGreater(await freeBytes("."), 0);
});
