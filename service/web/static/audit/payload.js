// What is sent of a record. The same record gives the same JSON at each try, by which the server knows a repeat.

import {answered, prepare} from "./forms.js"
import {checklistOf} from "./work.js"

const NAMES = [
  "visit", "assignment", "draw", "serial", "part", "checklist", "started_at", "signed_at", "elapsed_s", "timings",
  "changes", "position", "signatures", "note", "corrects",
]

export const outgoing = record => ({
  ...Object.fromEntries(NAMES.map(name => [name, record[name]])),
  answers: answered(prepare(checklistOf(record.checklist).form), record.answers),
  media: record.media.map(({name, sha256, size, question, content_type}) => ({name, sha256, size, question, content_type})),
  device: navigator.userAgent.slice(0, 200),
  app_version: document.documentElement.dataset.version,
})
