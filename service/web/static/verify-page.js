// The verifier's page: hands the file to draw-verifier.js in a worker, and shows every step with its numbers.
"use strict";
(function () {
  var here = document.currentScript;
  function byId(id) { return document.getElementById(id); }
  var words = JSON.parse(byId("words").textContent), texts = words.texts, steps = Object.keys(words.steps);
  var worker = null, started = 0;
  // The worker is fetched with the page; afterwards the network may go. Where there are none, the page itself computes.
  try {
    worker = new Worker(here.getAttribute("data-worker"));
    worker.onmessage = function (event) { show(event.data); };
    worker.onerror = function (event) { event.preventDefault(); worker = null; computeHere(); };
  } catch (refused) { worker = null; }
  var waiting = "";

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  function element(name, content, parent, kind) {
    var made = document.createElement(name);
    if (kind) made.className = kind;
    if (content !== null && content !== undefined) made.textContent = content;
    if (parent) parent.appendChild(made);
    return made;
  }
  function empty(node) { while (node.firstChild) node.removeChild(node.firstChild); return node; }

  function start(text) {
    waiting = text.replace(/^\ufeff/, "");
    started = Date.now();
    byId("verdict").hidden = false;
    ["steps", "remarks", "took"].forEach(function (id) { empty(byId(id)); });
    say(texts.working, "");
    if (worker) worker.postMessage(waiting);
    else computeHere();
  }
  function computeHere() {
    setTimeout(function () {
      try { show(DrawVerifier.verifyText(waiting)); } catch (broken) { say(fill(texts.broken, {detail: broken}), "bad"); }
    }, 30);
  }
  function say(text, kind) {
    var status = byId("status");
    status.textContent = text;
    status.className = kind;
  }

  // --- What is shown

  function facts(parent, rows) {
    var list = element("dl", null, parent);
    rows.forEach(function (row) {
      element("dt", row[0], list);
      element("code", row[1] === null || row[1] === "" ? texts.nothing : row[1], element("dd", null, list));
    });
  }
  function table(parent, heads, rows, label) {
    // What scrolls must be reachable with the keyboard, and say what it is.
    var box = element("div", null, parent, "scroll");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", label);
    var made = element("table", null, box), head = element("tr", null, element("thead", null, made));
    heads.forEach(function (text) { element("th", text, head).scope = "col"; });
    var body = element("tbody", null, made);
    rows.forEach(function (cells) {
      var row = element("tr", null, body);
      cells.forEach(function (text) { element("code", text, element("td", null, row)); });
    });
  }
  function quoted(text) { return "'" + text.replace(/'/g, "'\\''") + "'"; }

  var numbers = {
    frame: function (box, trace) {
      if (!trace.frame.computed) return;
      facts(box, [[texts.lines, String(trace.frame.rows)], [texts.first_lines, trace.frame.lines.join("\n")],
        [texts.published, trace.frame.published], [texts.computed, trace.frame.computed]]);
      byHand(box, "frame", "LC_ALL=C sort list.txt | sha256sum");
    },
    commitment: function (box, trace) {
      if (!trace.parties.length) return;
      trace.parties.forEach(function (one) {
        facts(box, [[texts.party, one.party], [texts.secret, one.secret],
          [texts.commitment, one.commitment || texts.none], [texts.computed, one.computed]]);
      });
      byHand(box, "commitment", "printf %s " + trace.parties[0].secret + " | xxd -r -p | sha256sum");
    },
    seed: function (box, trace) {
      if (!trace.seed) return;
      element("pre", trace.seed.lines.join("\n"), box);
      facts(box, [[texts.published, trace.seed.published], [texts.computed, trace.seed.computed]]);
      byHand(box, "seed", "printf %s " + quoted(trace.seed.lines.join("\n")) + " | sha256sum");
    },
    allocation: function (box, trace) {
      if (!trace.strata.length) return;
      table(box, [texts.stratum, texts.size, texts.skip, texts.take], trace.strata.map(function (one) {
        return [one.stratum || texts.all, one.size, one.skip, one.take];
      }), words.steps.allocation[0]);
    },
    drawn: function (box, trace) {
      if (!trace.tickets.length) return;
      facts(box, [[texts.seed_hash, trace.seedHash]]);
      table(box, [texts.part, texts.serial, texts.stratum, texts.ticket, "SHA-256"], trace.tickets.map(function (one) {
        return [texts[one.part], one.serial, one.stratum || texts.all, one.ticket, one.hash];
      }), words.steps.drawn[0]);
      byHand(box, "drawn", "printf %s " + quoted(trace.seedHash + trace.tickets[0].serial) + " | sha256sum\n"
        + "python3 -c \"print('0.' + str(int('" + trace.tickets[0].hash + "', 16))[::-1])\"");
    }
  };
  function byHand(box, step, command) {
    element("p", words.steps[step][1], box);
    element("pre", command, box);
  }

  function show(verdict) {
    var failure = verdict.failure, at = failure ? steps.indexOf(failure.step) : steps.length;
    var list = empty(byId("steps"));
    steps.forEach(function (step, place) {
      var state = place < at ? "ok" : place === at ? "bad" : "open";
      var item = element("li", null, list, state), title = element("h3", place + 1 + ". " + words.steps[step][0], item);
      element("span", (state === "ok" ? "✓ " : state === "bad" ? "✗ " : "– ") + texts[state], title);
      if (state === "bad") wrong(item, failure);
      var box = document.createElement("div");
      if (state !== "open" && numbers[step]) numbers[step](box, verdict.trace);
      if (!box.firstChild) return;
      var more = element("details", null, item);
      element("summary", texts.show, more);
      more.appendChild(box);
    });
    var remarks = empty(byId("remarks"));
    verdict.remarks.forEach(function (one) {
      element("li", (one[1] ? one[1] + ": " : "") + words.remarks[one[0]], remarks);
    });
    if (failure) say(fill(texts.failed, {number: at + 1, reason: words.reasons[failure.reason]}), "bad");
    else say(fill(texts.verified, {drawn: verdict.drawn, listed: verdict.listed}), "ok");
    byId("took").textContent = fill(texts.took, {seconds: ((Date.now() - started) / 1000).toFixed(2)});
  }
  function wrong(item, failure) {
    element("p", words.reasons[failure.reason], item);
    var rows = [];
    if (failure.place) rows.push([texts["place_" + failure.step], failure.place]);
    if (failure.note) rows.push([texts.earlier, failure.note]);
    if (failure.expected !== null || failure.found !== null) {
      rows.push([texts.expected, failure.expected], [texts.found, failure.found]);
    }
    if (rows.length) facts(item, rows);
  }

  byId("own").hidden = false;
  byId("verify").addEventListener("click", function () {
    start(byId("text").value);
    byId("verdict").focus();
  });
  byId("file").addEventListener("change", function () {
    var file = byId("file").files[0], reader = new FileReader();
    if (!file) return;
    reader.onload = function () { start(String(reader.result)); byId("verdict").focus(); };
    reader.readAsText(file);
  });
  if (byId("published")) start(byId("published").textContent);
})();
