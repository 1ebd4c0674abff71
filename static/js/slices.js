/**
 * Work that is done in slices, so that a slow machine draws and moves in between. Short work is done at once.
 *
 * A work is a generator: where it yields, it may be interrupted. Never changes the order of anything.
 */

const SLICE_MS = 8; // a step that begins at its end, and what the browser does by itself, is over before it is felt

let ends = 0; // of the slice that is under way

/**
 * @param {Iterator<void>} work
 * @param {() => boolean} [goes]  whether it is to go on; asked before each slice but the first
 * @returns {Promise<void>|undefined}  until it is done or left; undefined when it is done already
 */
export function inSlices(work, goes = () => true) {
  const done = () => {
    const outer = ends; // work that is begun within other work has what that has left
    ends ||= performance.now() + SLICE_MS;
    try {
      while (!work.next().done) if (performance.now() > ends && !document.hidden) return false;
      return true;
    } finally {
      ends = outer;
    }
  };
  if (done()) return undefined;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel(); // also while the browser holds the old picture, when no frame comes
    port1.onmessage = () => {
      if (goes() && !done()) return port2.postMessage(0);
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
