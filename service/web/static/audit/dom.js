// Making elements. Texts become text nodes, never markup.

// h("p", {class: "x", onclick: f, hidden: true}, "text", element, null, [more])
export const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (name === "value" || name === "checked" || name === "selected" || name === "disabled") element[name] = value
    else element.setAttribute(name, value === true ? "" : value)
  }
  add(element, children)
  return element
}

const add = (element, children) => {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue
    element.append(child)
  }
}

export const one = (selector, root = document) => root.querySelector(selector)

export const view = () => one("#view")

// Shows a view and puts the focus on its heading, so that a screen reader says where one is.
export const show = (title, ...children) => {
  const heading = h("h1", {tabindex: "-1"}, title)
  document.title = title
  view().replaceChildren()
  add(view(), [heading, children])
  heading.focus({preventScroll: true})
  scrollTo(0, 0)
}

export const button = (text, onclick, attributes = {}) => h("button", {type: "button", onclick, ...attributes}, text)

let counted = 0
export const fresh = prefix => `${prefix}-${++counted}`

// A label with its field. `field` gets an id.
export const labelled = (text, field, hint = "") => {
  field.id ||= fresh("field")
  const note = hint ? h("p", {class: "hint", id: `${field.id}-hint`}, hint) : null
  if (note) field.setAttribute("aria-describedby", note.id)
  return h("div", {class: "field"}, h("label", {for: field.id}, text), note, field)
}

export const alerted = text => h("p", {class: "problem", role: "alert"}, text)

// Keeps what was pressed from being pressed twice while it works.
export const busy = async (element, work) => {
  if (element.disabled) return
  element.disabled = true
  try {
    return await work()
  } finally {
    element.disabled = false
  }
}
