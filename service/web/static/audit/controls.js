// What a question of each kind is answered with. A control calls context.answer(question, value) with the JSON shape of its
// kind. Native fields throughout: they work with a keyboard, a screen reader and large text.

import {fresh, h} from "./dom.js"
import {CANNOT_SAY, codesOf} from "./expressions.js"
import {said, say} from "./words.js"

const given = (question, context) => context.record.answers[question.id]

// `name` groups radio buttons.
const option = (type, name, value, text, checked, onchange) => h("label", {class: "choice"},
  h("input", {type, name, value, checked, onchange}), h("span", {}, text))

const choices = question => {
  const listed = question.kind === "zero_to_ten" ? codesOf(question).map(code => [code, code]) :
    question.options.map(each => [each.code, said(each.label)])
  return question.cannot_say ? [...listed, [CANNOT_SAY, say("cannot_say")]] : listed
}

const radios = (question, context) => {
  const name = fresh("choice")
  return choices(question).map(([code, text]) =>
    option("radio", name, code, text, given(question, context) === code, () => context.answer(question, code)))
}

const scale = (question, context) => [
  h("p", {class: "ends"}, h("span", {}, `0: ${said(question.low)}`), h("span", {}, `10: ${said(question.high)}`)),
  h("div", {class: "scale"}, radios(question, context)),
]

const matrix = (question, context) => question.rows.map(row => {
  const name = fresh("row")
  const choose = code => context.answer(question, {...given(question, context), [row.id]: code})
  return h("fieldset", {class: "row-of", "data-row": row.id}, h("legend", {}, said(row.label)), choices(question).map(([code, text]) =>
    option("radio", name, code, text, given(question, context)?.[row.id] === code, () => choose(code))))
})

const multiple = (question, context) => {
  const alone = new Set([...question.options.filter(each => each.exclusive).map(each => each.code), CANNOT_SAY])
  const box = h("div")
  const chosen = value => [value].flat().filter(Boolean)
  const change = async event => {
    const code = event.target.value, on = event.target.checked
    let now = chosen(given(question, context)).filter(each => each !== code)
    if (on) now = alone.has(code) ? [code] : [...now.filter(each => !alone.has(each)), code]
    const value = now[0] === CANNOT_SAY ? CANNOT_SAY : codesOf(question).filter(each => now.includes(each))
    if (!await context.answer(question, value)) return
    box.querySelectorAll("input").forEach(input => { input.checked = now.includes(input.value) })
  }
  box.append(...choices(question).map(([code, text]) =>
    option("checkbox", fresh("some"), code, text, chosen(given(question, context)).includes(code), change)))
  return box
}

const rank = (question, context) => {
  const places = Math.min(question.most || question.options.length, question.options.length)
  const before = [given(question, context)].flat(), unable = before[0] === CANNOT_SAY
  const selects = Array.from({length: places}, (_, place) => h("select", {id: fresh("place"), onchange: () => take(), disabled: unable},
    h("option", {value: ""}, "—"), question.options.map(each => h("option", {value: each.code, selected: before[place] === each.code}, said(each.label)))))
  const ranked = () => [...new Set(selects.map(select => select.value).filter(Boolean))]
  const take = () => context.answer(question, ranked())
  const toggle = async event => {
    const on = event.target.checked
    if (await context.answer(question, on ? CANNOT_SAY : ranked())) selects.forEach(select => { select.disabled = on })
  }
  return h("div", {}, selects.map((select, place) => h("div", {class: "field"}, h("label", {for: select.id}, say("place", {n: place + 1})), select)),
    question.cannot_say ? option("checkbox", fresh("unable"), CANNOT_SAY, say("cannot_say"), unable, toggle) : null)
}

// A field that is typed into, and the box "cannot say" where it is offered.
const typed = (question, context, field) => {
  const now = given(question, context), unable = now === CANNOT_SAY
  field.id = fresh("field")
  field.value = unable || now === undefined || now === null ? "" : String(now)
  field.disabled = unable
  field.setAttribute("aria-label", said(question.label))
  const value = () => field.value === "" ? null : field.value
  field.addEventListener("input", () => { if (!context.signed()) context.later(question, value()) })
  field.addEventListener("change", () => context.answer(question, value()))
  const unit = question.unit ? h("span", {class: "unit"}, said(question.unit)) : null
  if (!question.cannot_say) return h("div", {class: "typed"}, field, unit)
  const toggle = async event => {
    if (!await context.answer(question, event.target.checked ? CANNOT_SAY : value())) return
    field.disabled = event.target.checked
  }
  return h("div", {class: "typed"}, field, unit, option("checkbox", fresh("unable"), CANNOT_SAY, say("cannot_say"), unable, toggle))
}

const number = (question, context) => typed(question, context, h("input", {type: "text", inputmode: "decimal", maxlength: "30", autocomplete: "off"}))
const date = (question, context) => typed(question, context, h("input", {type: "date", min: question.min, max: question.max}))
const text = (question, context) => {
  const limit = {maxlength: String(question.max_length || 1000), autocomplete: "off"}
  return typed(question, context, question.short ? h("input", {type: "text", ...limit}) : h("textarea", {rows: "4", ...limit}))
}

export const CONTROLS = {single: radios, rating: radios, zero_to_ten: scale, multiple, matrix, rank, number, date, text}
