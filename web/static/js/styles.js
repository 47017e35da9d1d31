// Styles that the list does without, asked for when it stands.

/**
 * Put styles into the page, before those that it came with, which hold.
 * @param {string[]} paths from this folder, such as ../css/card.css
 * @returns {Promise} when they are there, or cannot be had
 */
export function addStyles(paths) {
  const first = document.head.querySelector('link[rel="stylesheet"], style');
  return Promise.all(
    paths.map(function (path) {
      return new Promise(function (resolve) {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = new URL(path, import.meta.url).href;
        link.onload = link.onerror = resolve;
        document.head.insertBefore(link, first);
      });
    }),
  );
}
