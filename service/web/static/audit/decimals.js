// Exact decimal numbers as conditions need them: {n: BigInt, places}. 0.1 + 0.2 = 0.3 must hold here as on the server.

export const decimal = text => {
  const [whole, fraction = ""] = text.split(".")
  return {n: BigInt(whole + fraction), places: fraction.length}
}
export const whole = number => ({n: BigInt(number), places: 0})

const aligned = (a, b) => {
  const places = Math.max(a.places, b.places)
  return [a.n * 10n ** BigInt(places - a.places), b.n * 10n ** BigInt(places - b.places), places]
}
export const plus = (a, b) => {
  const [left, right, places] = aligned(a, b)
  return {n: left + right, places}
}
export const negative = a => ({n: -a.n, places: a.places})
export const times = (a, b) => ({n: a.n * b.n, places: a.places + b.places})
export const compare = (a, b) => {
  const [left, right] = aligned(a, b)
  return left < right ? -1 : left > right ? 1 : 0
}
// The whole part, towards zero, as a number of days.
export const truncated = a => Number(a.n / 10n ** BigInt(a.places))

// A typed number in canonical text, or null: full-width digits are digits, no exponent, at most 15 digits before the point.
export const canonical = text => {
  const tidy = String(text).normalize("NFKC").trim().replace("\u2212", "-")
  if (!/^[+-]?\d{1,15}(\.\d{1,12})?$/.test(tidy)) return null
  const [, sign, before, after = ""] = tidy.match(/^([+-]?)0*(\d+?)(?:\.(\d*?)0*)?$/)
  const number = after ? `${before}.${after}` : before
  return sign === "-" && number !== "0" ? `-${number}` : number
}
