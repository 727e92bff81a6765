"""Child of test_printing: sets so many slips in type and tells seconds, bytes and its own peak of memory as JSON."""

import json
import random
import resource
import sys
import time

from service.domain.collect.tickets import new_code
from service.web.printing import pdf
from service.web.printing.job import SLIPS, Job, Words

if __name__ == "__main__":
    draw = random.Random(1)
    codes = tuple(new_code("slip", draw.randrange) for _ in range(int(sys.argv[1])))
    works = ("填写时间：2026-03-02 14:00 至 16:30", "2026-03-02 14:00 to 16:30")
    enter = ("也可在 minyi.example.gov.cn/s 输入填写码", "Or type the code at minyi.example.gov.cn/s")
    words = (
        Words("zh-Hans", "请您评价这项服务", works[0], enter[0], "· 限填一次", "扫一扫"),
        Words("en", "Tell us how the service was", works[1], enter[1], "· once only", "Scan"),
    )
    job = Job(SLIPS, "https://minyi.example.gov.cn", "东山街道社区综合服务中心", "三月健康讲座", words, codes)
    begun, cpu = time.perf_counter(), time.process_time()
    document = pdf.render(job)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "bytes": len(document), "peak_mib": peak}))
