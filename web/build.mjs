// Builds the islands: `node build.mjs OUT`. Pages are complete without them.
//
// Each island is named here, one by one. What is bundled is then what was meant, and a page loads
// only the island it shows.

import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { build } from "esbuild";

const entryPoints = {
  "map": "islands/map.ts",
  "queue": "islands/queue.ts",
  "scan": "islands/scan.ts",
  "worker": "islands/worker.ts",
  "passkey": "islands/passkey.ts",
  // MapLibre starts its worker from a file of its own; the island names it to `setWorkerUrl`.
  "maplibre-worker": "maplibre-gl/dist/maplibre-gl-worker.mjs",
  "maplibre": "maplibre-gl/dist/maplibre-gl.css",
};

const out = process.argv[2];
if (out === undefined) {
  console.error("usage: node build.mjs OUT");
  process.exit(2);
}

await rm(out, { recursive: true, force: true });
await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints,
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "eof", // The licences of what is bundled stay with it.
  logLevel: "warning",
});

for (const name of (await readdir(out)).sort()) {
  const plain = await readFile(join(out, name));
  const gz = await promisify(gzip)(plain, { level: 9 });
  const br = await promisify(brotliCompress)(plain, {
    // Quality 9 is as good as 11 within a few per cent and takes a tenth of the time.
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  await writeFile(join(out, `${name}.gz`), gz);
  await writeFile(join(out, `${name}.br`), br);
  console.log(`${name}: ${kilobytes(plain)} KB, gzip ${kilobytes(gz)} KB, brotli ${kilobytes(br)} KB`);
}

function kilobytes(bytes) {
  return Math.round(bytes.length / 1000);
}
