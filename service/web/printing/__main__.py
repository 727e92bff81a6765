"""The child process that sets a job in type: JSON on standard input, PDF on standard output."""

import json
import sys

from service.web.printing import pdf
from service.web.printing.job import job_of

if __name__ == "__main__":
    sys.stdout.buffer.write(pdf.render(job_of(json.load(sys.stdin.buffer))))
