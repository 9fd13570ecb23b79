(letters) => {
  const root = document.documentElement;
  const name = (element) => {
    const parents = [element.parentElement?.className, element.className].filter((word) => typeof word === "string");
    return `<${element.tagName.toLowerCase()}> ${parents.join(" > ")}: ${element.textContent.trim().slice(0, 40)}`;
  };
  const scrolls = (element) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element).overflowX);
  const inside = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) if (scrolls(up)) return true;
    return false;
  };
  const found = [];
  if (getComputedStyle(root).fontSize !== `${letters}px`) found.push(`letters of ${getComputedStyle(root).fontSize}`);
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  const all = [...document.body.querySelectorAll("*")];
  if (root.scrollWidth > root.clientWidth) {
    found.push(`the page is ${root.scrollWidth} px wide`);
    const out = all.filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5 && !inside(element));
    found.push(...out.filter((element) => !out.some((other) => other !== element && element.contains(other))).map(name).slice(0, 5));
  }
  const fields = ["INPUT", "TEXTAREA", "SELECT", "IFRAME"];
  const regions = all.filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX)
    && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && !fields.includes(element.tagName));
  for (const region of regions.filter((element) => !element.querySelector("a[href], button, input"))) {
    const labelled = region.hasAttribute("aria-label") || region.hasAttribute("aria-labelledby");
    if (region.tabIndex !== 0 || region.getAttribute("role") !== "region" || !labelled) found.push(`no region: ${name(region)}`);
  }
  return found;
}
