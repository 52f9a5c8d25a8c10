/**
 * CompressAI's bmshj2018-hyperprior in a Python process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type PeerPackages, peerPython } from "@/files/peer_python.ts";
import { Peer } from "./peer.ts";

/** Its newest version that was tried, with the same PyTorch as `bench:step`. */
const COMPRESSAI: PeerPackages = {
  folder: "compressai-venv",
  name: "CompressAI",
  packages: ["compressai==1.2.8", "torch==2.15.0", "setuptools"],
};

/** How its times are to be read. */
export const COMPRESSAI_REMARK: string =
  "bmshj2018-hyperprior of quality 4, the narrow network, with its entropy " +
  "coder; random weights and a random image, since trained weights have to " +
  "be downloaded: the network's work is the same, that of the coder may differ.";

/** A request to CompressAI. */
export interface CompressaiTiming {
  /** Which half. */
  readonly variant: "encode" | "decode";
  /** Width of the image in pixels. */
  readonly width: number;
  /** Height of the image in pixels. */
  readonly height: number;
}

/**
 * Starts CompressAI.
 *
 * @param root The checkout.
 * @param threads Number of threads it may use.
 * @param onInstall Called before it is installed, which takes minutes and 6 GB.
 * @returns The peer, ready for requests.
 * @throws {UserError} If it cannot be installed.
 */
export async function startCompressai(
  root: string,
  threads: number,
  onInstall: () => void,
): Promise<Peer<CompressaiTiming>> {
  return await Peer.start<CompressaiTiming>({
    python: await peerPython(root, COMPRESSAI, onInstall),
    script: fileURLToPath(new URL("compressai_peer.py", import.meta.url)),
    name: "CompressAI",
    args: [String(threads)],
  });
}
