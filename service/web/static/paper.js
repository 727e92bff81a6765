// Enter moves to the next field; in the last one it sends the sheet. Without this file the server does the same.
"use strict";
const sheet = document.getElementById("paper");
sheet.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.isComposing) return;
  const fields = [...sheet.querySelectorAll("input:not([type=hidden]):not(#_received)")];
  const place = fields.indexOf(event.target);
  if (place < 0 || place === fields.length - 1 || !event.target.value.trim()) return;
  event.preventDefault();
  fields[place + 1].focus();
  fields[place + 1].select();
});
