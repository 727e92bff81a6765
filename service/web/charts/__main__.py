"""The child process that draws: a line of JSON in, a line of JSON and so many bytes out, until nobody asks any more."""

import json
import select
import sys
from tempfile import TemporaryDirectory
from typing import Any

from service.domain.errors import Refused
from service.web.charts import shapes
from service.web.charts.cases import Cases
from service.web.charts.drawings import drawn

IDLE = 300.0  # seconds until it ends by itself


def main() -> None:
    with TemporaryDirectory(prefix="minyi-charts-") as folder:
        cases = Cases(folder)
        # No line waits in the buffer here: the next one is sent only when this one has been answered.
        while select.select([sys.stdin], [], [], IDLE)[0]:
            line = sys.stdin.buffer.readline()
            if not line:
                return
            head, content = _answered(cases, line)
            sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)
            sys.stdout.buffer.flush()


def _answered(cases: Cases, line: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        asked = json.loads(line)
        shape = shapes.shape_of(asked)
        font = cases.font(asked["language"], asked["font"], shapes.texts_of(shape))
        content = drawn(shape, font, asked["form"], asked["narrow"])
    except Refused as refused:
        return {"refused": refused.reason, "params": dict(refused.params)}, b""
    except Exception as failed:
        return {"failed": f"{type(failed).__name__}: {failed}"}, b""
    return {"size": len(content)}, content


if __name__ == "__main__":
    main()
