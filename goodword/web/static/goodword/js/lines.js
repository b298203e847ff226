// A finding names a line: go to it in the text.

export function goToLine() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-line]");
    const text = document.getElementById("book-text");
    if (!link || !text) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const line = Math.min(Number(link.dataset.line), lines.length) - 1;
    const start = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + lines[line].length);
    const height = text.scrollHeight / lines.length;
    text.scrollTop = Math.max(0, line * height - text.clientHeight / 3);
  });
}
