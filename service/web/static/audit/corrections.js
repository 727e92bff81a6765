// A record that the office gave back: its content is fetched, and a new record takes its place, so that both stay there.

import {Failed, ask} from "./net.js"
import {say} from "./words.js"
import * as records from "./records.js"
import * as vault from "./vault.js"

// {record} to be corrected, or {problem}.
export const correct = async (visit, item, told) => {
  let data
  try {
    data = (await ask("GET", `records/${told.id}`, {user: vault.current().user})).data
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    return {problem: error.kind === "offline" ? say("needs_network") : error.message}
  }
  const made = records.make(visit, item, data.checklist)
  const copied = ["answers", "media", "note", "timings", "changes", "position", "signatures", "started_at", "signed_at", "elapsed_s"]
  for (const name of copied) if (data[name] !== undefined && data[name] !== null) made[name] = data[name]
  const comment = told.comment || data.reviews?.at(-1)?.comment || ""
  Object.assign(made, {corrects: told.id, state: "returned", reply: {comment}})
  await records.save(made)
  return {record: made}
}
