// Comfort only; every page works without it.
// An open menu closes with Escape or a click elsewhere, and the focus goes back to where it was.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// The search while somebody types needs a script that is as large as the rest of the page: it comes with the first use,
// and then looks at once for what was typed while it was on its way.
document.querySelector("[data-script]")?.addEventListener("focusin", ({ currentTarget: form }) => {
  const script = Object.assign(document.createElement("script"), { src: form.dataset.script });
  script.addEventListener("load", () => {
    htmx.process(form); // by itself it waits for a page that is loading, in vain when that page is nearly there
    if (form.q.value !== form.q.defaultValue) htmx.trigger(form, "submit");
  });
  document.head.append(script);
}, { once: true });

// A line of filters that scrolls shows the whole of what has the focus.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(".filters > a, .filters > .menu > summary")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// A button that copies is shown only where it can: a field, or the address it carries itself.
for (const button of document.querySelectorAll("[data-copies], [data-address]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies);
    field?.select();
    try {
      await navigator.clipboard.writeText(field?.value ?? button.dataset.address);
      button.textContent = button.dataset.done;
    } catch {
      field?.focus(); // not allowed to: it is selected, ready to be copied by hand
    }
  });
}

// The share sheet of a phone, where there is one.
for (const button of document.querySelectorAll("[data-shares]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.title, url: button.dataset.shares }).catch(() => {}); // changed their mind
  });
}

// Escape, three times within two seconds, leaves a page that nobody else should see; the way back does not lead to it.
let escapes = [];
document.addEventListener("keydown", (event) => {
  const way = document.querySelector("a.leave");
  if (event.key !== "Escape" || !way) return;
  escapes = [...escapes.filter((moment) => event.timeStamp - moment < 2000), event.timeStamp];
  if (escapes.length === 3) location.replace(way.href);
});

// After a form was sent, the focus is on what became of it, so that screen readers say it and the next Tab goes on there.
const [visit] = performance.getEntriesByType("navigation");
const outcome = visit?.redirectCount && !location.hash
  ? document.querySelector("main :is([role=status], [role=alert])")
  : document.querySelector("main form [aria-invalid=true]");
if (outcome) {
  if (!outcome.matches("input, select, textarea")) outcome.tabIndex = -1;
  outcome.focus();
}
