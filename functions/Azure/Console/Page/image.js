import { h } from "./dom.js";
import { createBoxes, createLabels } from "./labels.js";
import { urlOf } from "./picture.js";

// The picture itself where the browser can show it, otherwise its thumbnail; with what is where.
export async function showImage({ image }, { original }) {
  const picture = h("img", { alt: image.labels.map(({ label }) => label).join(", ") });
  picture.addEventListener("error", async () => { picture.src = await urlOf(image.thumbnail.path); }, { once: true });
  picture.src = (await original()).address;
  return [
    h("figure", { class: "picture" }, picture, image.objects.length > 0 && createBoxes(image.objects, image.width, image.height)),
    createLabels(image.labels),
  ];
}
