// Makes a party's secret of a draw in its own browser: nothing but the commitment is sent. Uses DrawVerifier's SHA-256.
"use strict";
(function () {
  var made = document.getElementById("made-secret"), button = document.getElementById("make-secret");
  if (!made || !button || !window.crypto || !window.crypto.getRandomValues) return;
  document.getElementById("by-browser").hidden = false;
  button.addEventListener("click", function () {
    var bytes = window.crypto.getRandomValues(new Uint8Array(32));
    var hex = Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    var commitment = DrawVerifier.sha256OfHex(hex);
    document.getElementById("secret-shown").textContent = hex;
    document.getElementById("commitment").value = commitment;
    var text = "draw " + made.dataset.draw + "\nparty " + made.dataset.party + "\nsecret " + hex + "\ncommitment " + commitment + "\n";
    var link = document.getElementById("secret-file");
    link.href = URL.createObjectURL(new Blob([text], {type: "text/plain"}));
    link.download = "draw-secret-" + made.dataset.draw + ".txt";
    made.hidden = false;
    button.disabled = true;  // a second one would replace the first in the form, and the saved file would be of no use
    link.focus();
  });
})();
