/**
 * The configuration of Varnish as a cache of whole files.
 *
 * @see https://varnish-cache.org/docs/7.1/reference/vcl.html
 * @module
 */
import { join } from "node:path";
import type { CacheOptions } from "./cache_options.ts";

/**
 * Writes a configuration.
 *
 * @param config What it is for; it keeps whole files only.
 * @returns Arguments of varnishd.
 */
export async function varnishConfig(config: CacheOptions): Promise<string[]> {
  const { origin, port, cacheBytes, folder } = config;
  const { hostname, port: originPort } = new URL(origin);
  const text = `vcl 4.1;
backend default { .host = "${hostname}"; .port = "${originPort}"; }
sub vcl_backend_response { set beresp.ttl = 1h; set beresp.do_stream = true; }
sub vcl_deliver {
  if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; }
  else { set resp.http.X-Cache = "MISS"; }
}
`;
  await Deno.writeTextFile(join(folder, "whole.vcl"), text);
  return [
    ...["-F", "-j", "none", "-n", join(folder, "varnish")],
    ...["-a", `127.0.0.1:${port}`, "-f", join(folder, "whole.vcl")],
    ...["-s", `malloc,${Math.floor(cacheBytes)}`],
    // Every request counts as the latest, not one in two seconds.
    ...["-p", "lru_interval=0"],
  ];
}
