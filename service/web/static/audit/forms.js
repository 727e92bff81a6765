// A checklist's questions and what their answers mean: who is asked what, what is missing or wrong, what is sent.
// Answers have the JSON shape of each kind: "code", ["a", "b"], {"row": "code"}, "12.5", "2026-05-01", "text". Photos are
// not among them: they are files (record.media) that name their question.

import {canonical, compare, decimal} from "./decimals.js"
import {CANNOT_SAY, Reader, codesOf, dayOf, references} from "./expressions.js"

const prepared = new WeakMap()

// Conditions read, once a form.
export const prepare = form => {
  if (prepared.has(form)) return prepared.get(form)
  const names = new Map(form.questions.flatMap(references))
  const read = text => new Reader(text, names).whole()
  const conditions = new Map(form.questions.map(question => [question.id, question.when ? [read(question.when)] : []]))
  for (const section of form.sections || []) {
    if (section.when) section.questions.forEach(id => conditions.get(id).unshift(read(section.when)))
  }
  const constraints = new Map(form.questions.filter(question => question.constraint).map(question => {
    const own = new Map([...names, [".", names.get(question.id)]])
    return [question.id, new Reader(question.constraint.expr, own).whole()]
  }))
  const found = {form, conditions, constraints, byId: new Map(form.questions.map(question => [question.id, question]))}
  prepared.set(form, found)
  return found
}

const isEmpty = value => value === undefined || value === null || value === "" || (typeof value === "object" && !Object.keys(value).length)

// The flat answers of one question; what cannot be read is left out.
const flat = (question, value, media) => {
  if (question.kind === "photo") {
    const found = media.find(file => file.question === question.id)
    return found ? {[question.id]: found.sha256.slice(0, 32)} : {}
  }
  if (isEmpty(value) || question.kind === "note") return {}
  if (question.kind === "matrix") {
    return Object.fromEntries(question.rows.filter(row => value[row.id]).map(row => [`${question.id}/${row.id}`, value[row.id]]))
  }
  const text = flatText(question, value)
  return text === null || text === "" ? {} : {[question.id]: text}
}

const flatText = (question, value) => {
  if (value === CANNOT_SAY || (Array.isArray(value) && value[0] === CANNOT_SAY)) return CANNOT_SAY
  if (question.kind === "multiple") return codesOf(question).filter(code => value.includes(code)).join(" ")
  if (question.kind === "rank") return value.join(" ")
  if (question.kind === "number") return canonical(value)
  if (question.kind === "date") return dayOf(value) === null ? null : value
  return question.kind === "text" ? tidy(question, value) : value
}
const tidy = (question, value) => {
  const text = value.normalize("NFC").replace(/\r\n?/g, "\n").trim()
  return question.short ? text.replaceAll("\n", " ") : text
}

// {asked: Set of ids, flat}: what was not asked counts as unanswered for what comes after it.
export const judge = (ready, answers, media = []) => {
  const asked = new Set(), found = {}
  for (const question of ready.form.questions) {
    const given = {answers: found, own: null, today: null}
    if (!ready.conditions.get(question.id).every(each => each.value(given))) continue
    asked.add(question.id)
    Object.assign(found, flat(question, answers[question.id], media))
  }
  return {asked, flat: found}
}

// What is sent: answers to what was asked, in their JSON shape, without photos.
export const answered = (ready, answers) => {
  const {asked} = judge(ready, answers)
  const found = {}
  for (const question of ready.form.questions) {
    const value = answers[question.id]
    if (!asked.has(question.id) || isEmpty(value) || ["photo", "note"].includes(question.kind)) continue
    found[question.id] = question.kind === "number" && value !== CANNOT_SAY ? canonical(value) ?? value : value
  }
  return found
}

// --- What is wrong: [{question, row?, word, values?, texts?}]; `word` names a text of the app

const today = () => {
  const now = new Date(), two = number => String(number).padStart(2, "0")
  return dayOf(`${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`)
}

export const faults = (ready, answers, media) => {
  const {asked, flat: found} = judge(ready, answers, media), wrong = []
  for (const question of ready.form.questions) {
    if (!asked.has(question.id)) continue
    const before = wrong.length
    wrong.push(...faultsOf(question, answers[question.id], found).map(fault => ({question: question.id, ...fault})))
    const constraint = ready.constraints.get(question.id), own = found[question.id]
    if (constraint && wrong.length === before && own !== undefined && own !== CANNOT_SAY &&
        !constraint.value({answers: found, own, today: today()})) {
      wrong.push({question: question.id, texts: question.constraint.message})
    }
  }
  return wrong
}

const faultsOf = (question, value, found) => {
  if (question.kind === "note") return []
  if (question.kind === "matrix") {
    const missing = question.rows.filter(row => !found[`${question.id}/${row.id}`])
    return question.required ? missing.map(row => ({row: row.id, word: "fault_required"})) : []
  }
  const own = found[question.id]
  if (own === CANNOT_SAY) return []
  if (question.kind === "photo" || isEmpty(value)) return question.required && own === undefined ? [{word: "fault_required"}] : []
  if (own === undefined) return [{word: question.kind === "number" ? "fault_number" : "fault_date"}]
  return CHECKS[question.kind]?.(question, own, value) || []
}

const within = (question, order) => {
  const low = question.min !== undefined && order(question.min) < 0, high = question.max !== undefined && order(question.max) > 0
  return low || high ? [{word: low ? "fault_below" : "fault_above", values: {limit: low ? question.min : question.max}}] : []
}

const CHECKS = {
  number(question, own) {
    const number = decimal(own)
    if (number.places > (question.decimals || 0)) return [{word: "fault_decimals", values: {limit: question.decimals || 0}}]
    return within(question, bound => compare(number, decimal(String(bound))))
  },
  date: (question, own) => within(question, bound => dayOf(own) - dayOf(bound)),
  text(question, own) {
    const limit = question.max_length || 1000
    return [...own].length > limit ? [{word: "fault_long", values: {limit}}] : []
  },
  multiple(question, own) {
    const chosen = own.split(" "), alone = question.options.some(option => option.exclusive && chosen.includes(option.code))
    if (alone) return chosen.length > 1 ? [{word: "fault_exclusive"}] : []
    if (question.max !== undefined && chosen.length > question.max) return [{word: "fault_many", values: {limit: question.max}}]
    return question.min !== undefined && chosen.length < question.min ? [{word: "fault_few", values: {limit: question.min}}] : []
  },
}

// The answer that means "the record was not found": {question, code}, or null where the checklist has no such attribute.
export const notFound = checklist => {
  const attribute = checklist.found && checklist.attributes?.[checklist.found]
  if (!attribute) return null
  const question = checklist.form.questions.find(each => each.id === attribute.question)
  const left = [...attribute.holds, ...(attribute.not_applicable || [])]
  const code = question && codesOf(question).find(each => !left.includes(each))
  return code ? {question: question.id, code} : null
}
