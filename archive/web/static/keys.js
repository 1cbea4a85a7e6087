// The `/` key goes to the search box. Nothing else here needs a script.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.getElementById("q");
  if (!box) {
    location.assign(document.querySelector(".masthead nav a").href);
    return;
  }
  event.preventDefault();
  box.focus();
  box.select();
});
