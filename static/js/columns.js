/**
 * In which column each thing stands when columns are filled one after the other, page after page. Pure arithmetic.
 *
 * A group (a theme with its cards, an axis, equals of a result) stays whole in a column, else on a page, where little room
 * stays empty for that. One with a heading goes on otherwise: its heading never stands without two things of it, nor does
 * the last one stand alone on a page. One without a heading goes over from one page to the next only when no page holds it.
 * What leads to the next thing, as a heading within a group does, stands in the same column as that.
 */

/**
 * What stays together: the heights of its heading and of what is in it; of what is said where it goes on in the next column
 * (`again`) and on the next page (`anew`); and of a line, which no column cuts. `leads`: which things lead to the next one.
 * `from`: how many of it stand before.
 * @typedef {{highs: number[], headed: boolean, leads?: boolean[], again: number, anew: number, line: number, from?: number}} Group
 */
/**
 * high: of a column; across: columns of a page; waste: the share of a column, and of a page, that may stay empty for a
 * group to stay whole.
 * @typedef {{high: number, across: number, waste: number}} Room
 */
/**
 * Of each thing its column, of each column its height, and which things no column holds: those go on in the next.
 * @typedef {{at: number[], used: number[], long: Set<number>, pages: number}} Filled
 */

export const ALL = 1; // of a column: what is on one page is never cut for a fuller one
export const LITTLE = 0.12;
const STEPS = 12;
const FEWEST = 3; // of a group on a page where it goes on on another: its heading, and two things

/**
 * @param {Group[]} groups
 * @param {Room} room
 * @returns {Filled}
 */
export function fill(groups, room) {
  const { high, across, waste } = room;
  const filled = begun();
  for (const group of groups) {
    const { used } = filled;
    const total = sum(group.highs);
    const left = high - used[used.length - 1];
    if (used[used.length - 1] && total <= high && total > left && left <= waste * high) used.push(0);
    if (group.highs.length === 1 && total <= high) {
      put(group, filled, room); // alone: nothing of it can be cut
      continue;
    }
    const stays = staying(group, filled, room);
    if (!stays) turn(filled, across);
    put(group, filled, room, stays || group.highs.length);
  }
  filled.pages = pageOf(filled.used.length - 1, across) + 1;
  return filled;
}

/**
 * Fill as few pages as `fill` does: all of them but the last one, whose columns are as even as they can be.
 * @param {Group[]} groups
 * @param {Room} room
 * @returns {Filled}
 */
export function balance(groups, room) {
  const { high, across, waste } = room;
  const even = evenly(groups, room);
  if (even) return even;
  let best = fill(groups, room);
  if (best.pages > 1) return endEven(groups, room, best);
  const parts = groups.flatMap(({ highs }) => (waste === ALL && sum(highs) <= high ? [sum(highs)] : highs));
  let low = Math.min(high, Math.max(0, ...parts));
  let top = high;
  for (let step = 0; step < STEPS; step++) {
    const middle = step ? (low + top) / 2 : low;
    const tried = fill(groups, { high: middle, across, waste });
    if (tried.pages === 1) {
      best = tried;
      top = middle;
    } else low = middle;
  }
  return best;
}

/**
 * As many things in each column as in the others, or each group in a column of its own where there is one for each; null
 * where no column holds that.
 * @param {Group[]} groups
 * @param {Room} room
 * @returns {Filled|null}
 */
export function evenly(groups, { high, across, waste }) {
  const [few, more] = [Math.floor(groups.length / across), groups.length % across];
  const alone = groups.every(({ highs }) => highs.length === 1);
  if (!alone && (waste !== ALL || few !== 1 || more)) return null;
  const used = Array.from({ length: across }, () => 0);
  const at = groups.flatMap(({ highs }, n) => {
    const column = n < more * (few + 1) ? Math.floor(n / (few + 1)) : more + Math.floor((n - more * (few + 1)) / few);
    used[column] += sum(highs);
    return highs.map(() => column);
  });
  return Math.max(...used) > high ? null : { at, used, long: new Set(), pages: 1 };
}

/**
 * What stands on the last page, in even columns.
 * @param {Group[]} groups
 * @param {Room} room
 * @param {Filled} filled
 * @returns {Filled}
 */
function endEven(groups, room, filled) {
  const first = (filled.pages - 1) * room.across;
  const before = filled.at.findIndex((column) => column >= first);
  if ([...filled.long].some((n) => n >= before)) return filled;
  let n = 0;
  const left = groups.flatMap((group) => {
    const from = Math.max(0, before - n);
    n += group.highs.length;
    return n > before ? [{ ...group, highs: group.highs.slice(from), leads: group.leads?.slice(from), from: from + (group.from ?? 0) }] : [];
  });
  const whole = fill(left, { ...room, waste: ALL }).pages === 1;
  const { at, used } = balance(left, { ...room, waste: whole ? ALL : room.waste });
  return {
    ...filled,
    at: [...filled.at.slice(0, before), ...at.map((column) => column + first)],
    used: [...filled.used.slice(0, first), ...used],
  };
}

/**
 * How many things of a group stand on the page that is begun, until it goes on on the next one; 0: it begins there.
 * @param {Group} group
 * @param {Filled} filled
 * @param {Room} room
 */
function staying(group, filled, room) {
  const { across, waste, high } = room;
  const all = group.highs.length;
  const page = pageOf(filled.used.length - 1, across);
  const tried = put(group, { ...begun(), used: [...filled.used] }, room);
  const over = tried.at.findIndex((column) => pageOf(column, across) > page);
  if (over < 0) return all;
  const stands = sum(filled.used.slice(page * across));
  if (!stands) return over;
  const fits = pageOf(put(group, begun(), room).used.length - 1, across) === 0;
  if (!group.headed) return fits ? 0 : over;
  const stays = Math.min(over, all - FEWEST + 1);
  return stays < FEWEST || (fits && 1 - stands / (across * high) <= waste) ? 0 : stays;
}

/**
 * @param {Group} group
 * @param {Filled} filled  what stands already; it grows
 * @param {Room} room
 * @param {number} [stays]  how many stand on this page
 */
function put({ highs, headed, leads, again, anew, line, from = 0 }, filled, { high, across }, stays = highs.length) {
  const { at, used, long } = filled;
  const goesOn = (/** @type {number} */ column) => (column % across ? again : anew);
  highs.forEach((one, n) => {
    if (n && n === stays) turn(filled, across);
    if (n + from && !used[used.length - 1]) used[used.length - 1] = goesOn(used.length - 1);
    const together = withNext(highs, n, leads, headed && n + from === 0);
    const first = headed && n + from === 1 && used[used.length - 1] === highs[0]; // its heading has begun the column
    if (used[used.length - 1] && used[used.length - 1] + together > high && !first) used.push(n + from ? goesOn(used.length) : 0);
    const end = used[used.length - 1] + one;
    const spans = end > high ? Math.ceil(end / (high - line)) : 1;
    if (spans > 1) long.add(at.length);
    const begins = (used.length - 1) % across === 0 && used[used.length - 1] <= (n + from ? anew : 0); // no page is emptier
    if (spans > 1 && !begins && ((used.length - 1) % across) + spans > across) turn(filled, across);
    at.push(used.length - 1);
    if (spans === 1) used[used.length - 1] += one;
    else used.splice(-1, 1, ...Array.from({ length: spans }, () => high));
  });
  return filled;
}

/**
 * Put each thing into the column in which it stood, or as few columns further as it must; null where these do not hold all.
 * @param {Group[]} groups
 * @param {(number|undefined)[]} stood  of each thing its column; undefined: it has come
 * @param {{high: number, across: number, columns: number}} room
 * @returns {{at: number[], used: number[], pages: number}|null}
 */
export function keep(groups, stood, { high, across, columns }) {
  /** @type {number[]} */
  const at = [];
  const used = Array.from({ length: columns }, () => 0);
  let column = 0;
  for (const { highs, headed, leads, again, anew } of groups) {
    for (const [i, one] of highs.entries()) {
      const heads = headed && !i;
      column = Math.max(column, stood[at.length] ?? 0, heads ? (stood[at.length + 1] ?? 0) : 0);
      const together = withNext(highs, i, leads, heads);
      if (used[column] && used[column] + together > high) column += 1;
      if (column >= columns) return null;
      if (i && !used[column]) used[column] = column % across ? again : anew;
      used[column] += one;
      if (used[column] > high) return null;
      at.push(column);
    }
  }
  return { at, used, pages: pageOf(column, across) + 1 };
}

/**
 * How high a thing is with what must stand below it.
 * @param {number[]} highs
 * @param {number} n
 * @param {boolean[]} [leads]
 * @param {boolean} [heads]  it is the heading of its group
 */
function withNext(highs, n, leads, heads = false) {
  let all = highs[n];
  for (let next = n + 1; next < highs.length && (leads?.[next - 1] || (heads && next === n + 1)); next++) all += highs[next];
  return all;
}

/**
 * Go on at the beginning of a page.
 * @param {Filled} filled
 * @param {number} across
 */
function turn(filled, across) {
  const { used } = filled;
  if ((used.length - 1) % across === 0 && !used[used.length - 1]) return; // it has just begun
  do used.push(0);
  while ((used.length - 1) % across);
}

/**
 * How much of a page is empty, at most; the last one is as it is.
 * @param {Filled} filled
 * @param {{high: number, across: number}} room
 */
export function emptiest({ used, pages }, { high, across }) {
  const shares = Array.from({ length: pages - 1 }, (_, page) => 1 - sum(used.slice(page * across, (page + 1) * across)) / (across * high));
  return Math.max(0, ...shares);
}

/**
 * What is left of the height of each column, shared out between what stands in it, px: on a single page in all alike, so that
 * rows stand in line.
 * @param {{at: number[], used: number[], pages: number}} filled
 * @param {number} high
 * @param {number} most  between two things
 */
export function share({ at, used, pages }, high, most) {
  const things = used.map(() => 0);
  at.forEach((column) => (things[column] += 1));
  const shares = used.map((one, n) => Math.max(0, Math.min(most, Math.floor((high - one) / (things[n] || 1)))));
  const least = Math.min(most, ...shares.filter((_, n) => things[n] > 1));
  return pages > 1 ? shares : shares.map(() => least);
}

/**
 * How far below the top of its column each thing stands, in px.
 * @param {Group[]} groups
 * @param {number[]} at
 * @param {{air: number[], across: number}} plan
 */
export function tops(groups, at, { air, across }) {
  /** @type {number[]} */
  const used = [];
  let n = 0;
  return groups.flatMap(({ highs, again, anew }) =>
    highs.map((high, i) => {
      const column = at[n++];
      const top = used[column] ?? 0;
      used[column] = top + high + (air[column] ?? 0) + (top || !i ? 0 : column % across ? again : anew); // what is said again stands in it
      return top;
    }),
  );
}

/**
 * Whether one way to lay things out is better than another.
 * @param {{broken: number, pages: number, long: Set<number>, whole: boolean}} one
 * @param {{broken: number, pages: number, long: Set<number>, whole: boolean}} other
 */
export function better(one, other) {
  if (one.broken !== other.broken) return one.broken < other.broken;
  if (one.pages !== other.pages) return one.pages < other.pages;
  return one.long.size === other.long.size ? one.whole && !other.whole : one.long.size < other.long.size;
}

/** Whether all stands on a page, and nothing is broken. @param {{pages: number, long: Set<number>, broken: number}} plan */
export function fits({ pages, long, broken }) {
  return pages === 1 && !long.size && !broken;
}

/** @returns {Filled} */
function begun() {
  return { at: [], used: [0], long: new Set(), pages: 1 };
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}

/**
 * @param {number} column
 * @param {number} across
 */
export function pageOf(column, across) {
  return Math.floor(column / across);
}
