/**
 * On the way in: says that this browser still keeps what was written here before, where it does.
 * The sentence stands hidden in `[data-kept=PREFIX]`, PREFIX being that of the forum's keys on the shelf.
 */

import { shelved } from "./outbox.js";
import { shelf } from "./tabs.js";

const said = document.querySelector("[data-kept]");
if (said instanceof HTMLElement) {
  const prefix = said.dataset.kept ?? "";
  said.hidden = !shelf.keys(prefix).some((key) => {
    const left = key.slice(prefix.length).includes("/") ? null : shelved(prefix, key.slice(prefix.length));
    return !!left && left.ops.length + left.kept.length > 0;
  });
}
