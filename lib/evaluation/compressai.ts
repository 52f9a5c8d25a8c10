/**
 * CompressAI's bmshj2018-hyperprior in a Python process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { Peer } from "./peer.ts";
import { type PeerPackages, peerPython } from "./peer_python.ts";

/** A newest version that this was tried with, on the PyTorch of bench:step. */
const COMPRESSAI: PeerPackages = {
  folder: "compressai-venv",
  name: "CompressAI",
  packages: ["compressai==1.2.8", "torch==2.15.0", "setuptools"],
};

/** What is to know of its times. */
export const COMPRESSAI_REMARK: string =
  "bmshj2018-hyperprior of quality 4, the narrow network, with its entropy " +
  "coder; random weights and a random image, as trained weights have to be " +
  "downloaded: the network's work is the same, that of the coder may differ.";

/** What it is asked for. */
export interface CompressaiTiming {
  /** Which half. */
  readonly variant: "encode" | "decode";
  /** Of the image, in pixels. */
  readonly width: number;
  /** Of the image, in pixels. */
  readonly height: number;
}

/**
 * Starts it.
 *
 * @param root The checkout.
 * @param threads How many it may use.
 * @param onInstall Told before it is installed, which takes minutes and 6 GB.
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
