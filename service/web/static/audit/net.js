// Talking to the server. The session is a cookie that no script can read; the header is one that no other site can set.

import {language} from "./words.js"

const PATIENCE = 30_000

// `kind`: "offline" (no answer, or one that is not ours: try again), "busy" (try again after `seconds`),
// "signed_out", "other_user", "forbidden", "refused" (the server has judged it: `message`, `reason`, `errors`).
export class Failed extends Error {
  constructor(kind, status = 0, answer = {}, seconds = 0) {
    super(answer.message || kind)
    Object.assign(this, {kind, status, answer, seconds, reason: answer.reason || ""})
  }
}

const kindOf = (status, reason) => {
  if (status === 401) return "signed_out"
  if (reason === "session_of_another") return "other_user"
  if (status === 403) return "forbidden" // says nothing about the record
  return status === 429 || status >= 500 ? "busy" : "refused"
}

export const ask = async (method, path, {json, body, user} = {}) => {
  const headers = {
    "X-Minyi-Audit": "1", "X-Minyi-Clock": new Date().toISOString(), "Accept-Language": language, Accept: "application/json",
  }
  if (user) headers["X-Minyi-User"] = user
  if (json !== undefined) headers["Content-Type"] = "application/json"
  if (body) headers["Content-Type"] = "application/octet-stream"
  let answer, data = {}
  try {
    const content = json === undefined ? body : JSON.stringify(json)
    const signal = AbortSignal.timeout(PATIENCE)
    answer = await fetch(`/audit/data/${path}`, {method, headers, body: content, cache: "no-store", redirect: "error", signal})
    if (answer.status !== 204) data = await answer.json() // a station's sign-in page is no JSON, and no answer of ours
  } catch {
    if (!answer || answer.ok || answer.status < 500) throw new Failed("offline")
  }
  if (answer.ok) return {status: answer.status, data}
  throw new Failed(kindOf(answer.status, data.reason), answer.status, data, Number(answer.headers.get("Retry-After")) || 0)
}

export const session = async () => (await ask("GET", "session")).data.user
export const signIn = async (username, password) => (await ask("POST", "session", {json: {username, password}})).data.user
export const signOut = () => ask("DELETE", "session")
