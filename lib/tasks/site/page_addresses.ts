/**
 * The addresses in a page, a style or a script.
 *
 * @module
 */

/** An address that a tag names. */
export interface TagAddress {
  /** Such as `a` or `img`. */
  readonly tag: string;
  /** As it stands there. */
  readonly address: string;
}

const tag = /<([a-z]+)\b((?:[^>"]|"[^"]*")*)>/g;
const attribute = /\s(?:src|href|poster|data)="([^"]*)"/g;

/**
 * Find the addresses in the tags of a page.
 *
 * @param html The page; text that shows HTML as an example does not count.
 */
export function addressesIn(html: string): TagAddress[] {
  return Array.from(html.matchAll(tag)).flatMap((
    [, name = "", attributes = ""],
  ) =>
    Array.from(attributes.matchAll(attribute), ([, address = ""]) => ({
      tag: name,
      address: address.replaceAll("&amp;", "&"),
    }))
  );
}

/**
 * Hosts in scripts whose addresses are names or lie in comments:
 * of XML namespaces, of Vega's schemas and its makers, and of sources, those in
 * TensorFlow.js's shaders and messages included.
 */
const onlyNamed = new Set([
  "www.w3.org",
  "vega.github.io",
  "github.com",
  "www.domoritz.de",
  "idl.cs.washington.edu",
  "jheer.org",
  "arvindsatya.com",
  "kanitw.yellowpigz.com",
  "snowballstem.org",
  "developer.mozilla.org",
  "en.wikipedia.org",
  "www.shadertoy.com",
  "arxiv.org",
  "emscripten.org",
]);

/**
 * Find what a file would fetch from another host. Links that a reader may
 * follow do not count.
 *
 * @param path Its name tells what it is.
 * @param text Its content.
 * @returns Addresses.
 */
export function foreignAddresses(path: string, text: string): string[] {
  if (path.endsWith(".css")) return foreignInStyle(text);
  if (!path.endsWith(".html")) return foreignInScript(text);
  const loaded = addressesIn(text)
    .filter(({ tag }) => tag !== "a").map(({ address }) => address)
    .filter((address) => /^([a-z]+:)?\//.test(address));
  const scripts = text.match(/<script\b[\s\S]*?<\/script>/g) ?? [];
  const styles = text.match(/<style\b[\s\S]*?<\/style>/g) ?? [];
  return [
    ...new Set([
      ...loaded,
      ...scripts.flatMap(foreignInScript),
      ...styles.flatMap(foreignInStyle),
    ]),
  ];
}

function foreignInScript(text: string): string[] {
  const found = text.match(
    /(?:https?:|["'`(])\/\/[\w.-]+\.[a-z]{2,}[^\s"'`)<>\\]*/g,
  );
  return (found ?? []).filter((address) => {
    const host = /\/\/([\w.-]+)/.exec(address)?.[1] ?? "";
    return !onlyNamed.has(host);
  });
}

function foreignInStyle(text: string): string[] {
  const loads = /(?:url\(\s*|@import\s+)["']?((?:[a-z]+:)?\/[^"')\s]+)/g;
  return Array.from(text.matchAll(loads), ([, address = ""]) => address);
}
