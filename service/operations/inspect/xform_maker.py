"""The child process that makes an XForm: sheets as JSON on standard input, the form or faults on output.

A process of its own, for the converter is given a time that it may take, and is loaded by nobody else.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from service.domain.collect.xlsforms.sheets import Sheet
from service.operations.collect import xlsform_judge


def made(told: Sequence[Mapping[str, Any]], validate: bool) -> dict[str, Any]:
    """{"xform": text} or {"problems": [text]}. Never both."""
    from pyxform.xls2xform import convert

    workbook = [
        Sheet(each["name"], tuple(each["header"]), tuple((int(row), cells) for row, cells in each["rows"]))
        for each in told
    ]
    problems = [each.message for each in xlsform_judge.judge(workbook, validate=validate) if not each.warning]
    if problems:
        return {"problems": problems[:20]}
    return {"xform": convert(xlsform_judge.as_pyxform(workbook)).xform}


if __name__ == "__main__":
    asked = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(json.dumps(made(asked["sheets"], asked["validate"])).encode())
