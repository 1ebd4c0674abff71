/**
 * Work that is done in slices, so that a slow machine draws and moves in between. Short work is done at once.
 *
 * A work is a generator: where it yields, it may be interrupted. Never changes the order of anything.
 */

const SLICE_MS = 4; // a step that begins at its end, and what the browser does by itself, is over before it is felt

let ends = 0; // of what this task may take; 0: it has not begun to
/** @type {(() => void)[]} each is a task of its own, also while the browser holds an old picture, when no frame comes */
const tasks = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  ends = 0;
  tasks.shift()?.();
};

/**
 * @param {Iterator<void>} work
 * @param {() => boolean} [goes]  whether it is to go on; asked before each slice but the first
 * @returns {Promise<void>|undefined}  until it is done or left; undefined when it is done already
 */
export function inSlices(work, goes = () => true) {
  if (slice(work)) return undefined;
  return new Promise((resolve) => {
    const next = () => (!goes() || slice(work) ? later(resolve) : later(next)); // what comes of it is another task's
    later(next);
  });
}

/** Do as much as fits; whether that was all. @param {Iterator<void>} work */
function slice(work) {
  if (!ends) later(() => {});
  ends ||= performance.now() + SLICE_MS;
  while (!work.next().done) if (performance.now() > ends && !document.hidden) return false;
  return true;
}

/** @param {() => void} task */
function later(task) {
  tasks.push(task);
  port2.postMessage(0);
}
