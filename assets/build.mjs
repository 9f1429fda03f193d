// Builds what the site serves, into app/static: site.css and print.css from css/, the fonts named in fonts.json cut to the
// characters and weights that the pages use, and their licences. Run by `make assets`; what it writes is committed, so that
// running the site needs no Node. The static faces for the papers go to certificates/fonts.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import subsetFont from "subset-font";

const OUT = new URL("../app/static/", import.meta.url).pathname;
const PAPERS = new URL("../certificates/fonts/", import.meta.url).pathname;
const HERE = new URL("./", import.meta.url).pathname;
const SHEETS = ["tokens", "base", "forms", "page", "manual", "marksheet", "documents"];
const CSS_BUDGET = 16 * 1024; // compressed, design guide section 9

/** Latin-1 and the punctuation of our pages; the unicode-range of tokens.css says the same. */
function ourCharacters() {
  const ranges = [[0x20, 0x7e], [0xa0, 0xff], [0x2010, 0x2015], [0x2018, 0x201e], [0x2032, 0x2033], [0x2039, 0x203a],
    [0x2190, 0x2193]];
  const single = [0x2022, 0x2026, 0x20ac, 0x2122, 0x2212];
  const points = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n));
  return String.fromCodePoint(...points, ...single);
}

/** Font addresses carry the digest that the site gives to files that may be cached for ever: one address, one download. */
async function withDigests(css) {
  const named = [...new Set(css.match(/fonts\/[\w-]+\.woff2/g) ?? [])];
  for (const name of named) {
    const digest = createHash("sha256").update(await readFile(OUT + name)).digest("hex").slice(0, 12);
    css = css.replaceAll(name, `${name}?v=${digest}`);
  }
  return css;
}

async function stylesheet(name, sheets) {
  const parts = await Promise.all(sheets.map((sheet) => readFile(`${HERE}css/${sheet}.css`, "utf8")));
  const result = await build({
    stdin: { contents: await withDigests(parts.join("\n")), loader: "css" },
    minify: true, write: false, logLevel: "warning", charset: "utf8",
    external: ["fonts/*"], bundle: true, target: ["chrome111", "firefox113", "safari16.4"],
  });
  const css = result.outputFiles[0].contents;
  await writeFile(OUT + name, css);
  const packed = gzipSync(css, { level: 9 }).length;
  console.log(`${name}: ${css.length} bytes, ${packed} compressed`);
  if (packed > CSS_BUDGET) throw new Error(`${name} is over its budget of ${CSS_BUDGET} bytes`);
}

function axesOf(font) {
  const limits = Object.entries(font.axes).map(([axis, [min, max]]) => [axis, { min, max }]);
  return Object.fromEntries(limits);
}

async function font(entry) {
  const source = `${HERE}node_modules/${entry.from}`;
  if (!entry.axes && !entry.subset) return copyFile(source, `${OUT}fonts/${entry.file}`);
  const options = { targetFormat: "woff2", ...(entry.axes ? { variationAxes: axesOf(entry) } : {}) };
  const cut = await subsetFont(await readFile(source), ourCharacters(), options);
  await writeFile(`${OUT}fonts/${entry.file}`, cut);
  console.log(`${entry.file}: ${cut.length} bytes`);
}

/** The papers are drawn with static TrueType faces, whole: reportlab takes what it needs of each. */
async function paperFaces() {
  const faces = JSON.parse(await readFile(`${HERE}paper-fonts.json`, "utf8"));
  for (const [file, from] of Object.entries(faces)) {
    await copyFile(`${HERE}node_modules/@expo-google-fonts/${from}`, `${PAPERS}${file}`);
  }
}

async function licences() {
  const families = { Literata: "@fontsource-variable/literata", "Atkinson-Hyperlegible-Next": "@fontsource-variable/atkinson-hyperlegible-next",
    "Atkinson-Hyperlegible-Mono": "@fontsource/atkinson-hyperlegible-mono" };
  for (const [name, from] of Object.entries(families)) {
    await copyFile(`${HERE}node_modules/${from}/LICENSE`, `${OUT}fonts/LICENCE-${name}.txt`);
  }
}

await mkdir(`${OUT}fonts`, { recursive: true });
for (const entry of JSON.parse(await readFile(`${HERE}fonts.json`, "utf8"))) await font(entry);
await licences();
await paperFaces();
await stylesheet("site.css", SHEETS);
await stylesheet("print.css", ["print"]);
