/**
 * The home page of a server where not everybody opens forums: what an opening link carries after # is filled in, and
 * leaves the address bar before anything else. Without script one pastes the link.
 */

const permit = location.hash.slice(1);

if (permit.startsWith("open-")) {
  history.replaceState(null, "", location.pathname + location.search);
  for (const field of document.querySelectorAll("input[data-permit]")) {
    if (field instanceof HTMLInputElement) field.value = permit;
  }
}
