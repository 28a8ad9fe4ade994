#!/usr/bin/python3
"""Motion JPEG over HTTP for tests: the pictures of a folder in the order of their names, in a loop, at /camera.mjpg.

It prints "ready PORT" once it listens, and runs until it is killed. With --jitter every picture is late by up to so many
seconds; with --throttle it trickles in at so many bytes a second; with --close-after a connection ends after so many
pictures; /text is no video, /secret wants a password.
"""
import argparse
import http.server
import itertools
import pathlib
import random
import time


def handler_of(options):
    pictures = [path.read_bytes() for path in sorted(pathlib.Path(options.folder).glob("*.jpg"))]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.path = self.path.partition("?")[0]
            if self.path == "/text":
                return self.answer(200, "text/html", b"<html>no video here</html>")
            if self.path == "/secret":
                return self.answer(401, "text/plain", b"who are you?")
            if self.path != "/camera.mjpg":
                return self.answer(404, "text/plain", b"nothing here")
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=frame")
            self.end_headers()
            chance = random.Random(1)
            begin = time.monotonic()
            for number, picture in enumerate(itertools.cycle(pictures)):
                if options.close_after and number >= options.close_after:
                    return
                due = begin + number / options.fps + chance.uniform(0, options.jitter)
                time.sleep(max(0, due - time.monotonic()))
                try:
                    head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture)
                    self.trickle(head + picture + b"\r\n")
                except OSError:
                    return

        def trickle(self, data):
            size = options.throttle // 100 or len(data)  # a hundredth of a second
            for begin in range(0, len(data), size):
                self.wfile.write(data[begin : begin + size])
                if options.throttle:
                    time.sleep(0.01)

        def answer(self, status, kind, body):
            self.send_response(status)
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fps", type=float, default=20)
    parser.add_argument("--jitter", type=float, default=0)
    parser.add_argument("--throttle", type=int, default=0)
    parser.add_argument("--close-after", type=int, default=0)
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), handler_of(options))
    server.daemon_threads = True
    print("ready", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
