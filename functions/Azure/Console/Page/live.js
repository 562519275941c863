// Hears from the server that something has changed, so that a page asks then and not all the time. Where the server keeps no stream open,
// now or at all, pages ask again and again as before.
import { loadStream } from "./api.js";

const again = 30_000;

// onChange is told of each change; { hears(), listen(of), stop() }.
export function createLive(onChange) {
  let current = null;

  function listen(of) {
    if (current?.of === of) return;
    stop();
    current = { of, ending: new AbortController(), hears: false };
    keepOpen(current);
  }

  function stop() {
    current?.ending.abort();
    current = null;
  }

  // A stream that has ended is followed by the next at once; one that could not be opened, after a while.
  async function keepOpen(mine) {
    while (mine === current) {
      try {
        await read(mine);
      } catch {
        mine.hears = false;
        if (mine === current) await new Promise((over) => setTimeout(over, again));
      }
    }
  }

  async function read(mine) {
    const stream = (await loadStream("changes", { of: mine.of }, mine.ending.signal)).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await stream.read();
      if (done) return;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      mine.hears = true;
      if (mine === current && events.some((event) => /^event: changed$/m.test(event))) onChange();
    }
  }

  return { listen, stop, hears: () => current?.hears ?? false };
}
