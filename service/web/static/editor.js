// Comfort for the questionnaire editor: every page works without it.
"use strict";

// --- The list of questions: Alt and an arrow key press the button, and questions can be dragged.
const order = document.getElementById("order");
if (order) {
  const press = (value, section = "") => {
    const button = document.createElement("button");
    button.name = "do";
    button.value = value;
    button.hidden = true;
    order.elements.section.value = section;
    order.append(button);
    button.click();
  };
  order.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-question]");
    const step = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!card || !step || !event.altKey) return;
    const button = card.querySelector(`button[value^="${step} "]`);
    event.preventDefault();
    if (button) button.click();
  });

  let dragged = null;
  const targets = () => order.querySelectorAll("[data-question]");
  for (const card of targets()) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      card.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.question);
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("dragged");
      dragged = null;
      for (const each of targets()) each.classList.remove("over");
    });
    card.addEventListener("dragover", (event) => {
      if (!dragged || dragged === card) return;
      event.preventDefault();
      for (const each of targets()) each.classList.toggle("over", each === card);
    });
    card.addEventListener("drop", (event) => {
      if (!dragged || dragged === card) return;
      event.preventDefault();
      press(`place ${dragged.dataset.question} ${card.dataset.question}`);
    });
  }
  for (const list of order.querySelectorAll("ol.questions")) {  // dropped above the first question of a section
    const gap = list.previousElementSibling;
    if (!gap) continue;
    gap.addEventListener("dragover", (event) => dragged && event.preventDefault());
    gap.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      press(`place ${dragged.dataset.question}`, list.dataset.section);
    });
  }
}

// --- Answers and rows: moved, removed and added without asking the server.
const counted = (list) => {
  [...list.children].forEach((line, place) => {
    for (const each of line.querySelectorAll(".place")) each.textContent = place + 1;
  });
};
const emptied = (line) => {
  for (const field of line.querySelectorAll("input")) {
    if (field.type === "checkbox") field.checked = false;
    else if (field.name.includes(".")) field.value = "";  // not the place itself
    field.removeAttribute("aria-invalid");
  }
};
let fresh = 0;
const added = (list) => {
  const last = list.lastElementChild;
  if (!last) return false;
  const line = last.cloneNode(true);
  const old = line.querySelector(`input[type=hidden][name="${list.dataset.parts}"]`).value;
  fresh += 1;
  const key = `new${fresh}`;
  const from = `${list.dataset.parts}.${old}`;
  const to = `${list.dataset.parts}.${key}`;
  for (const each of line.querySelectorAll("*")) {
    for (const name of ["name", "id", "for", "value"]) {
      const value = each.getAttribute(name);
      if (value && value.includes(from)) each.setAttribute(name, value.replace(from, to));
    }
  }
  emptied(line);
  line.querySelector(`input[name="${list.dataset.parts}"]`).value = key;
  for (const error of line.querySelectorAll(".error")) error.remove();
  list.append(line);
  counted(list);
  line.querySelector("input:not([type=hidden])").focus();
  return true;
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  const act = button.dataset.act;
  if (act === "more") {
    const list = document.querySelector(`[data-parts="${button.dataset.of}"]`);
    if (list && added(list)) event.preventDefault();
    return;
  }
  const line = button.closest("li");
  const list = line.parentElement;
  event.preventDefault();
  if (act === "drop") {
    if (list.children.length === 1) emptied(line);
    else {
      const next = line.nextElementSibling || line.previousElementSibling;
      line.remove();
      next.querySelector("button[data-act=drop]").focus();
    }
  } else {
    if (act === "up" && line.previousElementSibling) line.previousElementSibling.before(line);
    if (act === "down" && line.nextElementSibling) line.nextElementSibling.after(line);
    button.focus();
  }
  counted(list);
  list.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- What was changed and is not saved is asked about; a condition that is filled in is chosen.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  form.addEventListener("input", (event) => {
    const part = event.target.closest("[data-way]");
    const way = part && form.querySelector(`input[name="when_way"][value="${part.dataset.way}"]`);
    if (way && event.target.value) way.checked = true;
  });
}
