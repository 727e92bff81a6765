// Conditions of a checklist on the phone: the language of the server's questionnaires (service/domain/collect/expressions),
// read into functions of the flat answers. What is read here was judged when it was published, so faults are only bugs.
//
//     a or b   a and b   not a   = != < <= > >=   + - *   ( )   12   'text'   true   false   q   m/r   .   today
//     selected(q, 'code')   answered(q)   count(q)   length(q)
//
// A node is {type, value(given), name?, literal?}; given is {answers, own, today}. Unanswered is null; compared with it
// everything is false.

import {compare, decimal, negative, plus, times, truncated, whole} from "./decimals.js"

export const CANNOT_SAY = "_cannot_say"
const TOKEN = /\s*(?:([0-9]{1,15}(?:\.[0-9]{1,9})?(?![0-9A-Za-z_.]))|('[^']*'|"[^"]*")|([a-z][a-z0-9_]*(?:\/[a-z][a-z0-9_]*)?)|(!=|<=|>=|[=<>+\-*(),.]))/y
const KINDS = ["number", "string", "name", "sign"]
const WORDS = new Set(["and", "or", "not", "true", "false", "today"])
const FUNCTIONS = new Set(["selected", "answered", "count", "length"])
const HOLDS = {
  "=": order => order === 0, "!=": order => order !== 0, "<": order => order < 0,
  "<=": order => order <= 0, ">": order => order > 0, ">=": order => order >= 0,
}
const DAY = 86_400_000, DAYS = 4_000_000

// --- References

const TYPES = {
  single: "choice", rating: "choice", zero_to_ten: "choice", multiple: "multiple", rank: "multiple",
  number: "number", date: "date", text: "text", photo: "picture", matrix: "matrix",
}
const ZERO_TO_TEN = [...Array(11).keys()].map(String)
export const codesOf = question => question.kind === "zero_to_ten" ? ZERO_TO_TEN : (question.options || []).map(option => option.code)

// The names that conditions may use, of one question: name -> {type, numeric, rows}.
export const references = question => {
  const type = TYPES[question.kind]
  if (!type) return []
  const numeric = codesOf(question).every(code => /^-?[0-9]{1,9}$/.test(code))
  if (type !== "matrix") return [[question.id, {type, numeric: type === "choice" && numeric, rows: []}]]
  const rows = question.rows.map(row => `${question.id}/${row.id}`)
  return [[question.id, {type, numeric: false, rows}], ...rows.map(row => [row, {type: "choice", numeric, rows: []}])]
}

// --- Days since 1970, or null where there is no such day

export const dayOf = text => {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text)
  if (!found || found[1] === "0000") return null
  const date = new Date(0)
  date.setUTCFullYear(+found[1], +found[2] - 1, +found[3])
  return date.getUTCMonth() === +found[2] - 1 && date.getUTCDate() === +found[3] ? date.getTime() / DAY : null
}
const FIRST_DAY = dayOf("0001-01-01"), LAST_DAY = dayOf("9999-12-31")
const moved = (start, days) => {
  const found = start + days
  return Math.abs(days) > DAYS || found < FIRST_DAY || found > LAST_DAY ? null : found
}

// --- Reading

const tokens = text => {
  const found = []
  TOKEN.lastIndex = 0
  for (let at = 0; text.slice(at).trim(); at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match) throw new Error(`unreadable at ${at}: ${text}`)
    const place = match.slice(1).findIndex(part => part !== undefined), word = match[place + 1]
    found.push({kind: KINDS[place] === "name" && WORDS.has(word) ? "word" : KINDS[place], text: word})
  }
  return [...found, {kind: "end", text: ""}]
}

const literal = (type, known) => ({type, literal: true, known, value: () => known})

const named = (key, reference, number = false) => {
  const type = number ? "number" : reference.type
  const raw = given => (key === "." ? given.own : given.answers[key]) ?? null
  const read = {
    choice: text => text, text: text => text, picture: text => text, matrix: text => text,
    number: decimal, date: dayOf, multiple: text => text.split(" "),
  }[type]
  const value = given => {
    const text = raw(given)
    if (text === null || type === "text" || type === "choice") return text
    return text === CANNOT_SAY ? null : read(text)
  }
  return {type, key, reference, raw, value, asNumber: () => named(key, reference, true)}
}

export class Reader {
  // `names`: Map of references, "." among them in a constraint.
  constructor(text, names) {
    Object.assign(this, {names, tokens: tokens(text), at: 0, text})
  }

  get next() { return this.tokens[this.at] }

  take(...texts) {
    const token = this.next
    if (!["sign", "word"].includes(token.kind) || !texts.includes(token.text)) return null
    this.at += 1
    return token
  }

  need(text) {
    if (!this.take(text)) this.wrong()
  }

  wrong() { throw new Error(`unexpected ${this.next.text || "end"}: ${this.text}`) }

  whole() {
    const root = this.either()
    if (this.next.kind !== "end") this.wrong()
    return root
  }

  joined(word, read, combine) {
    const parts = [read()]
    while (this.take(word)) parts.push(read())
    return parts.length === 1 ? parts[0] : {type: "boolean", value: given => combine(parts, given)}
  }
  either() { return this.joined("or", () => this.both(), (parts, given) => parts.some(part => part.value(given))) }
  both() { return this.joined("and", () => this.negated(), (parts, given) => parts.every(part => part.value(given))) }

  negated() {
    if (!this.take("not")) return this.compared()
    const inner = this.negated()
    return {type: "boolean", value: given => !inner.value(given)}
  }

  compared() {
    const left = this.summed()
    if (this.next.kind !== "sign" || !(this.next.text in HOLDS)) return left
    const sign = this.take(...Object.keys(HOLDS)).text
    return comparison(sign, left, this.summed())
  }

  summed() {
    let total = this.multiplied()
    while (this.next.kind === "sign" && ["+", "-"].includes(this.next.text)) {
      const sign = this.take("+", "-").text
      total = sum(countable(total), sign, countable(this.multiplied()))
    }
    return total
  }

  multiplied() {
    let product = this.signed()
    while (this.take("*")) {
      const left = asNumber(product), right = asNumber(this.signed())
      product = {type: "number", value: given => both(left, right, given, times)}
    }
    return product
  }

  signed() {
    if (!this.take("-")) return this.primary()
    const number = asNumber(this.signed())
    if (number.literal) return literal("number", negative(number.known))
    return {type: "number", value: given => {
      const found = number.value(given)
      return found === null ? null : negative(found)
    }}
  }

  primary() {
    if (this.take("(")) {
      const inner = this.either()
      this.need(")")
      return inner
    }
    const token = this.next
    this.at += 1
    if (token.kind === "number") return literal("number", decimal(token.text))
    if (token.kind === "string") return literal("text", token.text.slice(1, -1))
    if (token.kind === "word" && token.text === "today") return {type: "date", value: given => given.today ?? null}
    if (token.kind === "word" && token.text !== "not") return literal("boolean", token.text === "true")
    if (FUNCTIONS.has(token.text) && this.take("(")) return this.call(token.text)
    return this.name(token)
  }

  name(token) {
    const reference = this.names.get(token.text)
    if (!reference) throw new Error(`no such name ${token.text}: ${this.text}`)
    return named(token.text, reference)
  }

  call(what) {
    const name = this.name(this.next)
    this.at += 1
    let code = ""
    if (what === "selected") {
      this.need(",")
      code = this.next.kind === "string" ? this.next.text.slice(1, -1) : this.next.text
      this.at += 1
    }
    this.need(")")
    return {type: ["count", "length"].includes(what) ? "number" : "boolean", value: given => called(what, name, code, given)}
  }
}

const called = (what, name, code, given) => {
  if (what === "answered") {
    const rows = name.key === "." ? [] : name.reference.rows
    return name.raw(given) !== null || rows.some(row => given.answers[row] !== undefined)
  }
  const found = name.value(given)
  if (what === "selected") return found !== null && (Array.isArray(found) ? found.includes(code) : found === code)
  return found === null ? null : whole([...found].length)
}

// --- Types

const isNumber = node => node.type === "number" || Boolean(node.reference?.numeric)
const asNumber = node => node.type === "number" ? node : node.asNumber()
const countable = node => {
  if (node.literal && node.type === "text" && dayOf(node.known) !== null) return literal("date", dayOf(node.known))
  return node.type === "date" ? node : asNumber(node)
}

const both = (left, right, given, work) => {
  const first = left.value(given), second = right.value(given)
  return first === null || second === null ? null : work(first, second)
}

const sum = (left, sign, right) => {
  const signed = number => sign === "+" ? number : negative(number)
  if (left.type !== "date") return {type: "number", value: given => both(left, right, given, (a, b) => plus(a, signed(b)))}
  if (right.type === "date") return {type: "number", value: given => both(left, right, given, (a, b) => whole(a - b))}
  return {type: "date", value: given => both(left, right, given, (day, days) => moved(day, truncated(signed(days))))}
}

const met = (node, other) => {
  if (node.literal && node.type === "text") {
    if (other.key && other.type === "choice") return [literal("choice", node.known), other]
    if (other.type === "date") return [literal("date", dayOf(node.known)), other]
  }
  if ([node.type, other.type].includes("choice") && node.type !== other.type && isNumber(node) && isNumber(other)) {
    return [asNumber(node), asNumber(other)]
  }
  return [node, other]
}

const ordered = (type, left, right) => {
  if (type === "number") return compare(left, right)
  if (type === "date") return left - right
  return left === right ? 0 : 1 // texts, choices and truth have no order
}

const comparison = (sign, left, right) => {
  if (left.literal && !right.literal) [left, right] = met(left, right)
  else [right, left] = met(right, left)
  if (!["=", "!="].includes(sign) && isNumber(left) && isNumber(right)) [left, right] = [asNumber(left), asNumber(right)]
  const type = left.type
  return {type: "boolean", value: given => Boolean(both(left, right, given, (a, b) => HOLDS[sign](ordered(type, a, b))))}
}
