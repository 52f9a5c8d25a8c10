/**
 * Runs a module of Jasmine specs and reports the result of each.
 *
 * @module
 */
import jasmineCore from "jasmine-core/lib/jasmine-core/jasmine.js";
import { pathToFileURL } from "node:url";

/** The result of one spec. */
export interface SpecResult {
  /** The names of its suites and its own, with spaces between. */
  readonly name: string;
  /** `excluded` where the filter left it out. */
  readonly status: "passed" | "failed" | "pending" | "excluded";
  /** What failed, the first expectation first; empty unless it failed. */
  readonly messages: readonly string[];
}

interface JasmineResult {
  readonly fullName: string;
  readonly status: SpecResult["status"];
  readonly failedExpectations: readonly { readonly message: string }[];
}

interface JasmineEnvironment {
  configure(options: {
    readonly random: boolean;
    readonly specFilter: (spec: { getFullName(): string }) => boolean;
  }): void;
  addReporter(reporter: {
    specDone(result: JasmineResult): void;
    suiteDone(result: JasmineResult): void;
    jasmineDone(): void;
  }): void;
  execute(): void;
}

interface Jasmine {
  getEnv(options: { readonly suppressLoadErrors: boolean }): JasmineEnvironment;
}

/** What the package exports; it declares no types. */
interface JasmineCore {
  core(itself: JasmineCore): Jasmine;
  interface(jasmine: Jasmine, environment: JasmineEnvironment): object;
}

/**
 * Runs the specs. Jasmine is global, so this works once per process.
 *
 * @param file The module that registers them.
 * @param filter Whether to run a spec of this name.
 * @param onDone Called after each spec that ran.
 * @returns The results in the order of the specs; a suite whose set-up or
 * clean-up failed counts as a failed spec.
 */
export async function runSpecs(
  file: string,
  filter: (name: string) => boolean,
  onDone: (result: SpecResult) => void = () => {},
): Promise<SpecResult[]> {
  const library = jasmineCore as unknown as JasmineCore;
  const jasmine = library.core(library);
  const environment = jasmine.getEnv({ suppressLoadErrors: true });
  const names = library.interface(jasmine, environment);
  Object.assign(globalThis, names, { jasmine });
  await import(pathToFileURL(file).href);
  const results: SpecResult[] = [];
  const take = ({ fullName, status, failedExpectations }: JasmineResult) => {
    const messages = failedExpectations.map(({ message }) => message);
    results.push({ name: fullName, status, messages });
    if (status !== "excluded") onDone(results.at(-1)!);
  };
  await new Promise<void>((resolve) => {
    environment.configure({
      random: false,
      specFilter: (spec) => filter(spec.getFullName()),
    });
    environment.addReporter({
      specDone: take,
      suiteDone: (suite) => {
        if (suite.failedExpectations.length > 0) take(suite);
      },
      jasmineDone: resolve,
    });
    environment.execute();
  });
  return results;
}
