// How long a record took, by a clock that nobody can set (performance.now). Between two loads of the page there is none:
// that gap is taken from the wall clock and counted apart, in `gaps_s`.

const PAGE = crypto.randomUUID?.() || String(Math.random())

// Brings record.clock up to the present.
export const tick = record => {
  const now = performance.now(), wall = Date.now(), clock = record.clock
  if (!clock) record.clock = {elapsed_ms: 0, gaps_ms: 0, page: PAGE, now, wall}
  else if (clock.page === PAGE) record.clock = {...clock, elapsed_ms: clock.elapsed_ms + now - clock.now, now, wall}
  else {
    const gap = Math.max(0, wall - clock.wall)
    record.clock = {elapsed_ms: clock.elapsed_ms + gap, gaps_ms: clock.gaps_ms + gap, page: PAGE, now, wall}
  }
  return record.clock
}

export const elapsedSeconds = record => Math.round(tick(record).elapsed_ms / 100) / 10

// Seconds per question: what passed since the last event of the same form goes to the question that was answered.
export const stopwatch = () => {
  let last = performance.now()
  return {
    to(record, question) {
      const now = performance.now()
      record.timings[question] = Math.round(((record.timings[question] || 0) + (now - last) / 1000) * 10) / 10
      last = now
    },
  }
}
