/**
 * Lays the npm packages of `deno.lock` into `node_modules`.
 *
 * `deno.json` sets `nodeModulesDir` to `manual`: no other command fetches
 * anything, and so every failure of the network ends here, in a sentence.
 *
 * @module
 */
import { explainFailure } from "./explain_failure.ts";
import type { LoggedOptions } from "./run_logged.ts";
import { runLogged } from "./run_logged.ts";

/**
 * Installs exactly what `deno.lock` names.
 *
 * @throws {UserError} Where that fails.
 */
export async function installNpmPackages(
  options: LoggedOptions,
): Promise<void> {
  const result = await runLogged(
    Deno.execPath(),
    ["install", "--frozen", "--node-modules-dir=auto"],
    { ...options, env: { NO_COLOR: "1" } },
  );
  if (result.success) return;
  throw explainFailure(
    "Installing the npm packages",
    result.text,
    ".venv/setup.log",
  );
}
