"""The client of the benches, run as a process of its own: prebuilt requests over kept-alive connections.

stdin: JSON {"port", "connections", "requests": [[path, body, type], ...]}, no body for a GET; stdout: JSON {"seconds",
"latencies", "statuses"}.
Plain sockets, so that as little as possible of the machine goes to the client.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter


def connect(port: int) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def answer(stream: socket.socket) -> int:
    """The status of one response; its body is read to the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = stream.recv(65536)
        if not part:
            raise ConnectionError("closed early")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    while len(body) < length:
        body += stream.recv(65536)
    return int(head[9:12])


def prepared(path: str, body: str, kind: str = "application/json") -> bytes:
    if not body:
        return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    payload = body.encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {len(payload)}"
    return head.encode() + b"\r\n\r\n" + payload


def main() -> None:
    order = json.load(sys.stdin)
    queue = [prepared(*parts) for parts in order["requests"]]
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    begin = threading.Barrier(order["connections"] + 1)

    def work(own: list[bytes]) -> None:
        stream = connect(order["port"])
        begin.wait()
        for message in own:
            start = time.perf_counter()
            stream.sendall(message)
            statuses[answer(stream)] += 1
            latencies.append(time.perf_counter() - start)
        stream.close()

    count = order["connections"]
    threads = [threading.Thread(target=work, args=(queue[at::count],)) for at in range(count)]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "latencies": latencies, "statuses": statuses}))


if __name__ == "__main__":
    main()
