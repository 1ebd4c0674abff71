/**
 * In which column each thing stands when columns are filled one after the other, page after page. Pure arithmetic.
 *
 * A group (a theme with its cards, an axis, equals of a result) goes over from one page to the next only when no page
 * holds it, and from one column to the next only when it must. Its heading never stands without what comes first in it.
 */

/**
 * What stays together: the heights of its heading and of what is in it, and of what is said again where it goes on;
 * and of a line, which no column cuts.
 * @typedef {{highs: number[], headed: boolean, again: number, line: number}} Group
 */
/**
 * Of each thing its column, of each column its height, and which things no column holds: those go on in the next. `cuts`:
 * groups that go over from one page to the next.
 * @typedef {{at: number[], used: number[], long: Set<number>, pages: number, cuts: number}} Filled
 */

const STEPS = 12;

/**
 * Fill columns of a height.
 * @param {Group[]} groups
 * @param {number} high
 * @param {number} across  columns of a page
 * @param {boolean} whole  no group that a column holds is cut between two
 * @returns {Filled}
 */
export function fill(groups, high, across, whole) {
  /** @type {Filled} */
  const filled = { at: [], used: [0], long: new Set(), pages: 1, cuts: 0 };
  for (const group of groups) {
    const total = group.highs.reduce((sum, one) => sum + one, 0);
    const here = filled.used.length - 1;
    if (filled.used[here] && whole && total <= high && filled.used[here] + total > high) filled.used.push(0);
    if (group.highs.length === 1 && total <= high) {
      put(group, filled, high, across); // alone: nothing of it can be cut
      continue;
    }
    const tried = { at: [], used: [...filled.used], long: new Set(), pages: 1, cuts: 0 };
    put(group, tried, high, across);
    const first = pageOf(filled.used.length - 1, across);
    const fresh = { at: [], used: [0], long: new Set(), pages: 1, cuts: 0 };
    if (pageOf(tried.used.length - 1, across) > first && put(group, fresh, high, across).used.length <= across) {
      turn(filled, across);
    }
    put(group, filled, high, across);
    const [from, to] = [filled.at[filled.at.length - group.highs.length], filled.used.length - 1];
    filled.cuts += Number(pageOf(to, across) > pageOf(from, across));
  }
  filled.pages = pageOf(filled.used.length - 1, across) + 1;
  return filled;
}

/**
 * Fill as few pages as `fill` does and cut no more groups, the columns as even as they can be.
 * @param {Group[]} groups
 * @param {number} high
 * @param {number} across
 * @param {boolean} whole
 * @returns {Filled}
 */
export function balance(groups, high, across, whole) {
  let best = fill(groups, high, across, whole);
  const { pages, cuts } = best;
  const parts = groups.flatMap(({ highs }) => {
    const total = highs.reduce((sum, one) => sum + one, 0);
    return whole && total <= high ? [total] : highs;
  });
  let low = Math.min(high, Math.max(0, ...parts));
  let top = high;
  for (let step = 0; step < STEPS; step++) {
    const middle = step ? (low + top) / 2 : low;
    const tried = fill(groups, middle, across, whole);
    if (tried.pages <= pages && tried.cuts <= cuts) {
      best = tried;
      top = middle;
    } else low = middle;
  }
  return best;
}

/**
 * @param {Group} group
 * @param {Filled} filled  what stands already; it grows
 * @param {number} high
 * @param {number} across
 */
function put({ highs, headed, again, line }, filled, high, across) {
  const { at, used, long } = filled;
  highs.forEach((one, n) => {
    const together = headed && n === 0 && highs.length > 1 ? one + highs[1] : one;
    const first = headed && n === 1 && used[used.length - 1] === highs[0]; // its heading has begun the column
    if (used[used.length - 1] && used[used.length - 1] + together > high && !first) used.push(n ? again : 0);
    const end = used[used.length - 1] + one;
    const spans = end > high ? Math.ceil(end / (high - line)) : 1;
    if (spans > 1) long.add(at.length);
    if (spans > 1 && ((used.length - 1) % across) + spans > across) turn(filled, across);
    at.push(used.length - 1);
    if (spans === 1) used[used.length - 1] += one;
    else used.splice(-1, 1, ...Array.from({ length: spans }, () => high));
  });
  return filled;
}

/**
 * Go on at the beginning of a page.
 * @param {Filled} filled
 * @param {number} across
 */
function turn(filled, across) {
  if (filled.used.length === 1 && !filled.used[0]) return;
  do filled.used.push(0);
  while ((filled.used.length - 1) % across);
}

/**
 * @param {number} column
 * @param {number} across
 */
export function pageOf(column, across) {
  return Math.floor(column / across);
}
