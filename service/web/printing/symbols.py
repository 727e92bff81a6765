"""QR symbols of one batch, for print: one version, one mask, level Q; thousands of them in a second."""

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

MASK = 2  # any is allowed (ISO/IEC 18004, 7.8); fixed, so that the symbols of a batch differ by their codes alone
_BLANK = "2"


class Symbols:
    """The symbols of `prefix` + code, for codes of `length` characters.

    Version and mask fixed, a symbol is an affine function of its data over the field of two elements: Reed-Solomon
    codes are linear, and the mask and the function patterns are constants. So the symbol of a code is that of a blank
    one, XOR what each character changes, and these changes are looked up after the first time.
    """

    def __init__(self, prefix: str, length: int) -> None:
        self._prefix, self._length = prefix, length
        fitted = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, mask_pattern=MASK)
        fitted.add_data(prefix + _BLANK * length, optimize=0)
        self.version: int = fitted.best_fit()
        self.size = 17 + 4 * self.version
        self._changes: dict[tuple[int, str], int] = {}
        self._blank = self.encode(_BLANK * length)

    def encode(self, code: str) -> int:
        """The slow way, by the library: rows from the top, the most significant bit is at the top left."""
        symbol = qrcode.QRCode(self.version, ERROR_CORRECT_Q, border=0, mask_pattern=MASK)
        symbol.add_data(self._prefix + code, optimize=0)
        symbol.make(fit=False)
        return int("".join("01"[bool(dark)] for row in symbol.get_matrix() for dark in row), 2)

    def bits(self, code: str) -> int:
        """The same, by what each character changes."""
        if len(code) != self._length:
            raise ValueError(f"codes of this batch have {self._length} characters")
        found = self._blank
        for at, character in enumerate(code):
            found ^= self._change(at, character)
        return found

    def _change(self, at: int, character: str) -> int:
        change = self._changes.get((at, character))
        if change is None:
            code = _BLANK * at + character + _BLANK * (self._length - at - 1)
            change = self._changes[at, character] = self.encode(code) ^ self._blank
        return change

    def rows(self, code: str) -> list[int]:
        """One number a row, its most significant bit is at the left."""
        bits, mask = self.bits(code), (1 << self.size) - 1
        return [bits >> (self.size * down) & mask for down in range(self.size - 1, -1, -1)]

    def modules(self, code: str) -> list[list[bool]]:
        """Rows of modules without the quiet zone, True is dark."""
        return [[bool(row >> right & 1) for right in range(self.size - 1, -1, -1)] for row in self.rows(code)]
