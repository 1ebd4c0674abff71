/**
 * The wall in small at the desk shows the page of a wall that is open in the same browser, on a projector beside it.
 *
 * A wall says which page it shows, when that changes and when it is asked. Nothing of this leaves the browser: what stands
 * on another computer is not heard of.
 */

/** @typedef {{of: string, page: number, pages: number}} Shown  of: what is shown */

const wall = "BroadcastChannel" in self ? new BroadcastChannel(`forum-wall ${location.pathname.split("/")[2]}`) : null;
let said = "";

/** Tell those who follow what is shown. @param {Shown} shown */
export function tellPage(shown) {
  if (wall) wall.onmessage = ({ data }) => data === "ask" && wall.postMessage(shown);
  if (said !== (said = JSON.stringify(shown))) wall?.postMessage(shown);
}

/** Be told by a wall that is open. @param {(shown: Shown) => void} show */
export function followPages(show) {
  if (wall) wall.onmessage = ({ data }) => data === "ask" || show(data);
  wall?.postMessage("ask");
}
