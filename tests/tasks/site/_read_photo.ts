/** A script for tests in a browser: reads photos as the demo does. */
import { readBlob } from "@/web/read_photo.ts";

Object.assign(globalThis, {
  readPhoto: async (base64: string) => {
    try {
      const blob = new Blob([Uint8Array.fromBase64(base64)]);
      return (await readBlob(blob)).data.toBase64();
    } catch (error) {
      return { message: (error as Error).message };
    }
  },
});
