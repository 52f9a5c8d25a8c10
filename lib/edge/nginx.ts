/**
 * Configurations of nginx as a cache of onecode files.
 *
 *     whole     a miss fetches the file; ranges are cut from it
 *     slices    a miss fetches the slices that a range touches
 *     layers    the ranges that clients ask for, 0-(k-1) and the rest, are
 *               objects of their own
 *
 * @see https://nginx.org/en/docs/http/ngx_http_proxy_module.html
 * @see https://nginx.org/en/docs/http/ngx_http_slice_module.html
 * @module
 */
import { join } from "node:path";
import type { CacheOptions, CacheWay } from "./cache_options.ts";

/** The file in the cache's folder with a line of JSON for each request. */
export const NGINX_LOG = "access.log";

/** The folder of cached objects in the cache's folder. */
export const NGINX_OBJECTS = "objects";

const ways: Readonly<Record<CacheWay, (sliceBytes: number) => string>> = {
  whole: () => `proxy_cache_key $uri;`,
  slices: (sliceBytes) =>
    `slice ${sliceBytes};
      proxy_cache_key $uri$slice_range;
      proxy_set_header Range $slice_range;`,
  layers: () =>
    `proxy_cache_key $uri|$layer;
      proxy_set_header Range $layer;`,
};

/**
 * Writes a configuration.
 *
 * @param config What it is for.
 * @returns Arguments of nginx.
 */
export async function nginxConfig(config: CacheOptions): Promise<string[]> {
  const { way, origin, port, cacheBytes, sliceBytes, folder } = config;
  // A megabyte of keys is enough for 8000 objects.
  const keys = Math.min(1024, Math.ceil(cacheBytes / 4096 / 8000));
  const text = `daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 512; }
http {
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  log_format requests escape=json '{"uri":"$uri","range":"$http_range",'
    '"status":$status,"bytes":$body_bytes_sent,'
    '"cache":"$upstream_cache_status"}';
  access_log ${NGINX_LOG} requests;

  proxy_cache_path ${NGINX_OBJECTS} levels=1:2 keys_zone=objects:${keys}m
    max_size=${Math.floor(cacheBytes)} inactive=365d use_temp_path=off;
  upstream origin { server ${new URL(origin).host}; keepalive 8; }
  # Only one range, counted from the start, may enter a key.
  map $http_range $layer {
    default "";
    "~^bytes=[0-9]+-[0-9]*$" $http_range;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache objects;
      proxy_cache_lock on;
      proxy_cache_valid 200 206 1h;
      ${ways[way](sliceBytes)}
      add_header X-Cache $upstream_cache_status;
    }
  }
}
`;
  await Deno.writeTextFile(join(folder, "nginx.conf"), text);
  return ["-e", "stderr", "-p", `${folder}/`, "-c", "nginx.conf"];
}
