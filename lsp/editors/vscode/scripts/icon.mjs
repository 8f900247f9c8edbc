// Draws images/icon.png: an open gate in a wall, with the way through it. `node scripts/icon.mjs`
import { writeFileSync } from "node:fs";
import zlib from "node:zlib";

const SIZE = 256;
const [WALL, WAY, SKY, NONE] = [
  [38, 70, 83, 255],
  [233, 196, 106, 255],
  [42, 157, 143, 255],
  [0, 0, 0, 0],
];

/** What stands at a point of the unit square. */
function at(x, y) {
  const corner = 0.12;
  const [dx, dy] = [x, y].map((v) => Math.max(corner - v, v - (1 - corner), 0));
  if (Math.hypot(dx, dy) > corner) return NONE;
  const [across, width] = [Math.abs(x - 0.5), 0.24];
  const arch = y > 0.45 ? across < width : Math.hypot(across, y - 0.45) < width;
  if (!arch || y > 0.86) return WALL;
  // The way narrows towards the horizon.
  const depth = (y - 0.5) / 0.36;
  return depth > 0 && across < 0.03 + 0.15 * depth ? WAY : SKY;
}

/** The mean of 16 points in a pixel, so that edges are smooth. */
function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let sub = 0; sub < 16; sub += 1) {
    const x = (column + ((sub % 4) + 0.5) / 4) / SIZE;
    const y = (row + (Math.floor(sub / 4) + 0.5) / 4) / SIZE;
    const [r, g, b, a] = at(x, y);
    sum[0] += r * a;
    sum[1] += g * a;
    sum[2] += b * a;
    sum[3] += a;
  }
  const alpha = sum[3];
  if (alpha === 0) return NONE;
  return [...sum.slice(0, 3).map((v) => Math.round(v / alpha)), Math.round(alpha / 16)];
}

/** CRC-32 (ISO 3309), where this Node.js has none of its own. */
function crc32(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const rows = Array.from({ length: SIZE }, (_, row) => [
  0,
  ...Array.from({ length: SIZE }, (_, column) => pixel(column, row)).flat(),
]);
const head = Buffer.alloc(13);
head.writeUInt32BE(SIZE, 0);
head.writeUInt32BE(SIZE, 4);
// 8 bits each of red, green, blue and alpha.
head.set([8, 6, 0, 0, 0], 8);
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk("IHDR", head),
  chunk("IDAT", zlib.deflateSync(Buffer.from(rows.flat()), { level: 9 })),
  chunk("IEND", Buffer.alloc(0)),
]);
writeFileSync(new URL("../images/icon.png", import.meta.url), png);
