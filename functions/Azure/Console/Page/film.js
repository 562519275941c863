// A film that plays, with a time line of its shots: a shot is opened by its keyframe or its place on the line.
import { clock, h } from "./dom.js";
import { createLabels } from "./labels.js";
import { createPicture, urlOf } from "./picture.js";

const width = 1000;

export async function showFilm({ video }, { place, original }) {
  const player = h("video", { controls: true, preload: "metadata", src: (await original()).address });
  let wanted = Number(/^t=([\d.]+)/.exec(place)?.[1] ?? NaN);
  player.addEventListener("loadedmetadata", () => {
    if (wanted >= 0) player.currentTime = wanted;
    wanted = NaN;
  });
  // The address ends after a while; a new one goes on where the old one ended.
  player.addEventListener("error", async () => {
    if (player.currentTime === 0) return;
    wanted = player.currentTime;
    player.src = (await original()).address;
  });
  const go = (shot) => {
    player.currentTime = shot.startSeconds;
    player.focus();
  };
  const shots = video.shots.map((shot) => createShot(shot, go));
  const line = createLine(video, go);
  player.addEventListener("timeupdate", () => line.move(player.currentTime));
  player.append(...await Promise.all(tracksOf(video).map(async ({ path, ...track }) => h("track", { ...track, src: await urlOf(path) }))));
  return [
    h("div", { class: "film" }, player, line.element),
    h("ol", { id: "shots", class: "shots" }, shots),
  ];
}

const tracksOf = (video) => [
  ...video.subtitles.filter(({ file }) => file).map(({ file, language, title }) => ({ path: file.path, kind: "subtitles", srclang: language ?? "und", label: title ?? language ?? "Subtitles" })),
  { path: video.captions.path, kind: "metadata", label: "Shots" },
];

const createShot = (shot, go) => h("li", {},
  h("button", { type: "button", onclick: () => go(shot), title: `Shot ${shot.index + 1}` },
    createPicture(shot.keyframe.image.path, ""), h("span", { class: "number" }, `${clock(shot.startSeconds)}–${clock(shot.endSeconds)}`)),
  createLabels(shot.labels.slice(0, 3)));

// All shots in proportion to how long they last, and where the film stands.
function createLine({ shots, durationSeconds }, go) {
  const across = (seconds) => width * Math.min(1, seconds / (durationSeconds || 1));
  const hand = h("line", { svg: true, class: "hand", y1: 0, y2: 24, x1: 0, x2: 0 });
  const element = h("svg", { class: "line", viewBox: `0 0 ${width} 24`, preserveAspectRatio: "none", "aria-hidden": "true" },
    shots.map((shot, i) => {
      const x = across(shot.startSeconds);
      return h("rect", { svg: true, class: i % 2 ? "odd" : null, x, y: 0, width: Math.max(1, across(shot.endSeconds) - x), height: 24, onclick: () => go(shot) },
        h("title", { svg: true }, `${clock(shot.startSeconds)} ${shot.labels[0]?.label ?? ""}`));
    }), hand);
  return {
    element,
    move(seconds) {
      hand.setAttribute("x1", across(seconds));
      hand.setAttribute("x2", across(seconds));
    },
  };
}
