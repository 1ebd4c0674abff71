/**
 * The pages of a server where not everybody opens forums: what an opening link carries after # is filled in, and leaves
 * the address bar before anything else. This tab keeps it until it is closed, since it is asked for some pages later.
 * Without script one pastes the link.
 */

const KEPT = "forum/opening";
let permit = location.hash.slice(1);

if (permit.startsWith("open-")) {
  history.replaceState(null, "", location.pathname + location.search);
  try {
    sessionStorage.setItem(KEPT, permit);
  } catch {
    // nothing is kept in this browser: it is pasted where it is asked for
  }
} else {
  try {
    permit = sessionStorage.getItem(KEPT) ?? "";
  } catch {
    permit = "";
  }
}
if (permit) {
  for (const field of document.querySelectorAll("input[data-permit]")) {
    if (field instanceof HTMLInputElement) field.value = permit;
  }
}
