/** Proposes the zone of this browser, `[data-own-zone]`, to whoever opens a forum: the server cannot know it. */

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** @type {NodeListOf<HTMLSelectElement | HTMLInputElement>} */
const fields = document.querySelectorAll("[data-own-zone]");
for (const field of own ? fields : []) {
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    if (!options.find((option) => option.defaultSelected)?.selected) continue; // somebody chose before a reload
    if (!options.some((option) => option.value === own))
      field.add(new Option(own.split("/").pop()?.replace(/_/g, " "), own));
  }
  field.value = own;
}
