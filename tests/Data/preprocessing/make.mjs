// Writes what the image processors of npm's @huggingface/transformers make of a drawn picture: {case}.f32 beside this file, planes of
// float32. Run it where that package (4.3.1, with sharp) is installed: NODE_PATH is not enough for modules, so pass its folder:
// Its bilinear, bicubic and enlargements come from libvips' affine transform and lie half a pixel off Pillow's, which transformers uses; those are
// tested against Pillow itself (../resampling).
// node make.mjs /path/to/node_modules/@huggingface/transformers
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { ImageProcessor, RawImage } = await import(pathToFileURL(join(process.argv[2], 'dist/transformers.node.mjs')));

/** Smooth, as photographs are at this size; the tests draw it by the same formula. */
function picture(width, height) {
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        data[3 * (y * width + x) + c] = Math.floor(128 + 70 * Math.sin(x / (9 + c)) + 50 * Math.cos(y / (7 + 2 * c)));
  return new RawImage(data, width, height, 3);
}

for (const { name, width, height, config } of JSON.parse(readFileSync(join(here, 'cases.json'), 'utf8'))) {
  const { pixel_values } = await new ImageProcessor(config)(picture(width, height));
  writeFileSync(join(here, `${name}.f32`), Buffer.from(pixel_values.data.buffer, pixel_values.data.byteOffset, pixel_values.data.byteLength));
  console.log(name, pixel_values.dims.join('×'));
}
