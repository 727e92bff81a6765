// The checklist on the screen: one block a question, shown as long as the answers before it ask for it.

import {alerted, button, fresh, h} from "./dom.js"
import {judge} from "./forms.js"
import {CONTROLS} from "./controls.js"
import {photoControl} from "./photo_view.js"
import {CANNOT_SAY} from "./expressions.js"
import {said, say} from "./words.js"

// hooks: locked, answer(question, value) -> taken?, mayChange(question, before, after), filed(question).
// Returns {element, set(question, value), mark(faults), flush()}.
export const formView = (record, ready, hooks) => {
  const blocks = new Map(), pending = new Map()
  const refresh = () => {
    const {asked, flat} = judge(ready, record.answers, record.media)
    for (const [id, block] of blocks) {
      block.hidden = !asked.has(id)
      fill(block, ready, flat)
    }
    for (const section of sections) section.element.hidden = !section.questions.some(id => asked.has(id))
  }
  const answer = async (question, value) => {
    clear(blocks.get(question.id))
    const taken = await hooks.answer(question.id, value)
    if (!taken) rebuild(question)
    refresh()
    return taken
  }
  const later = (question, value) => { // while typing: soon, but not at each letter
    clearTimeout(pending.get(question.id)?.timer)
    const work = () => {
      pending.delete(question.id)
      return answer(question, value)
    }
    pending.set(question.id, {timer: setTimeout(work, 250), work})
  }
  const context = {record, hooks, answer, later, refresh, signed: () => record.state !== "draft"}
  const rebuild = question => {
    const old = blocks.get(question.id), made = block(question, context)
    blocks.set(question.id, made)
    old.replaceWith(made)
  }
  for (const question of ready.form.questions) blocks.set(question.id, block(question, context))
  const sections = grouped(ready.form, blocks)
  refresh()
  return {
    element: h("form", {class: "checklist", onsubmit: event => event.preventDefault()}, sections.map(section => section.element)),
    async set(question, value) {
      const taken = await answer(ready.byId.get(question), value)
      rebuild(ready.byId.get(question))
      refresh()
      return taken
    },
    mark: wrong => mark(blocks, wrong),
    flush: () => Promise.all([...pending.values()].map(({timer, work}) => {
      clearTimeout(timer)
      return work()
    })),
  }
}

const grouped = (form, blocks) => {
  const parts = form.sections || [{questions: form.questions.map(question => question.id)}]
  return parts.map(part => ({
    questions: part.questions,
    element: h("section", {}, part.title ? h("h2", {}, said(part.title)) : null, part.questions.map(id => blocks.get(id))),
  }))
}

const block = (question, context) => {
  const text = piped(said(question.label), question)
  if (question.kind === "note") return h("div", {class: "question", "data-question": question.id}, h("p", {}, text))
  const hint = question.hint ? h("p", {class: "hint", id: fresh("hint")}, piped(said(question.hint), question)) : null
  const legend = h("legend", {tabindex: "-1"}, text, question.required ? h("span", {class: "required"}, say("required")) : null)
  const control = question.kind === "photo" ? photoControl(question, context) : CONTROLS[question.kind](question, context)
  return h("fieldset", {class: "question", "data-question": question.id, "aria-describedby": hint?.id, disabled: context.hooks.locked},
    legend, hint, control, clearing(question, context))
}

// A choice that need not be made can be taken back.
const clearing = (question, context) => {
  if (question.required || !["single", "rating", "zero_to_ten", "matrix"].includes(question.kind)) return null
  return button(say("clear_answer"), async event => {
    const block = event.target.closest("fieldset")
    if (await context.answer(question, null)) block.querySelectorAll("input").forEach(input => { input.checked = false })
  }, {class: "small"})
}

// --- Earlier answers in texts: ${q}

const piped = text => text.split(/(\$\{[^{}]{0,90}\})/).map(part => {
  const found = /^\$\{(.*)\}$/.exec(part)
  return found ? h("span", {"data-pipe": found[1]}) : part
})

const fill = (block, ready, flat) => block.querySelectorAll("[data-pipe]").forEach(place => {
  const name = place.dataset.pipe, question = ready.byId.get(name.split("/")[0]), given = flat[name]
  const text = given === undefined ? "…" : given === CANNOT_SAY ? say("cannot_say") : worded(question, given)
  if (place.textContent !== text) place.textContent = text
})

const worded = (question, given) => {
  if (!question.options) return [given, said(question.unit)].filter(Boolean).join(" ")
  return given.split(" ").map(code => said(question.options.find(option => option.code === code)?.label) || code).join("; ")
}

// --- Faults beside their questions

const clear = block => block?.querySelectorAll(".problem").forEach(problem => problem.remove())

const mark = (blocks, wrong) => {
  blocks.forEach(clear)
  let first = null
  for (const {question, row, word, values, texts} of wrong) {
    const block = blocks.get(question), place = row ? block.querySelector(`[data-row="${row}"]`) : block
    place.querySelector("legend").after(alerted(texts ? said(texts) : say(word, values)))
    first ||= block
  }
  first?.querySelector("legend").focus()
  first?.scrollIntoView({block: "start"})
}
