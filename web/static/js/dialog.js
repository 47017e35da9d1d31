// Dialogs, in engines that know them and in those that do not.

/** Open a dialog over the page. */
export function showDialog(dialog) {
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
}

/** Put it away. */
export function hideDialog(dialog) {
  if (dialog.close) dialog.close();
  else dialog.removeAttribute("open");
}
