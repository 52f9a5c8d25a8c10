/**
 * Finds the addresses in pages, styles and scripts.
 *
 * @module
 */

/** An address in a tag. */
export interface TagAddress {
  /** Such as `a` or `img`. */
  readonly tag: string;
  /** The address, with `&amp;` decoded. */
  readonly address: string;
}

const tag = /<([a-z]+)\b((?:[^>"]|"[^"]*")*)>/g;
const attribute = /\s(?:src|srcset|href|poster|data)="([^"]*)"/g;

/**
 * Finds the addresses in the tags of a page.
 *
 * @param html The page.
 * @returns The addresses, in their order; not those in text that shows HTML.
 */
export function addressesIn(html: string): TagAddress[] {
  const tags = Array.from(html.matchAll(tag));
  return tags.flatMap(([, name = "", attributes = ""]) =>
    Array.from(attributes.matchAll(attribute), ([, address = ""]) => ({
      tag: name,
      address: address.replaceAll("&amp;", "&"),
    }))
  );
}

/**
 * Hosts in scripts that nothing is loaded from: those of XML namespaces, of
 * Vega's schemas and authors, and of sources in comments, in TensorFlow.js's
 * shaders and messages too.
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
 * Finds what a file would load from another host. Links that a reader may
 * follow do not count.
 *
 * @param path Its name, whose ending decides how it is read.
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
