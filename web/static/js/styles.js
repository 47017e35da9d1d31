// Styles that the list does without, asked for when it stands.

/** Put styles of ours into the page, before those that it came with, which hold. */
export function addStyles(names) {
  const first = document.querySelector('link[rel="stylesheet"]');
  names.forEach(function (name) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../css/" + name + ".css", import.meta.url).href;
    document.head.insertBefore(link, first);
  });
}
