// Pictures that lie beside an analysis, or belong to golden sets: fetched with the key when they come into view, and kept while there is room for them.
import { loadBlob } from "./api.js";
import { h } from "./dom.js";

const most = 300;
const kept = new Map();

// "analyses/{asset}/{version}/{file}", as analyses and hits name it, to where the API has it; pictures of golden sets are named by where it has them.
export const addressOf = (path) => {
  if (path.startsWith("golden/")) return path;
  const [, asset, version, file] = path.split("/").map(encodeURIComponent);
  return `assets/${asset}/versions/${version}/${file}`;
};

// The address of the file in this tab, which is given up when as many newer ones are kept.
export function urlOf(path) {
  const known = kept.get(path) ?? loadBlob(addressOf(path)).then((blob) => URL.createObjectURL(blob));
  kept.delete(path);
  kept.set(path, known);
  known.catch(() => kept.delete(path));
  if (kept.size > most) {
    const [oldest, url] = kept.entries().next().value;
    kept.delete(oldest);
    url.then(URL.revokeObjectURL, () => {});
  }
  return known;
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    urlOf(target.dataset.path).then((url) => { target.src = url; }, () => target.classList.add("absent"));
  }
}, { rootMargin: "300px" });

export function createPicture(path, alt, properties = {}) {
  const picture = h("img", { alt, "data-path": path, decoding: "async", ...properties });
  seen.observe(picture);
  return picture;
}
