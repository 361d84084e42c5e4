// Moves the focus to the summary of errors, so that a screen reader starts there.
const summary = document.querySelector("[data-focus]");
if (summary) {
  summary.focus();
}
