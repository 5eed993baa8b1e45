"""Inputs that come by HTTP, from a server on this machine that drops and delays some answers."""

import email.utils
import http.server
import os
import random
import re
import socket
import struct
import threading
import time

import batch_support
from batch_support import BatchTest, stem, terrain

RETRY = ["--config", "GDAL_HTTP_MAX_RETRY=8", "--config", "GDAL_HTTP_RETRY_DELAY=0.02",
         "--config", "GDAL_HTTP_TIMEOUT=20"]

# A folder would be listed, and files beside the tiles looked for: each a request in vain.
LEAN = ["--config", "GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR"]


class Handler(http.server.BaseHTTPRequestHandler):
    """Files of the server's folder, with byte ranges."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, with_body):
        trouble = self.server.pick_trouble()
        if trouble == "delay":
            time.sleep(0.1)
        elif trouble == "reset":
            self.reset()
            return
        path = os.path.join(self.server.folder, self.path.lstrip("/").partition("?")[0])
        if trouble == "busy" or not os.path.isfile(path):
            self.tell(503 if trouble == "busy" else 404)
            return
        self.send(path, with_body, trouble == "cut" and with_body)

    def reset(self):
        """Closes with RST: the client sees a connection that breaks, not an answer that ends."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def tell(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send(self, path, with_body, cut):
        with open(path, "rb") as file:
            data = file.read()
        size = len(data)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        self.send_response(206 if wanted else 200)
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2] or size), size - 1)
            data = data[first:last + 1]
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Last-Modified", email.utils.formatdate(os.stat(path).st_mtime, usegmt=True))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if with_body:
            self.wfile.write(data[:len(data) // 2] if cut else data)
        if cut:
            self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, folder, *troubles):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.troubles, self.count = folder, troubles, dict.fromkeys(troubles, 0)
        self.requests = 0
        self.random, self.lock = random.Random(7), threading.Lock()

    def handle_error(self, request, client_address):
        pass  # the client may go at any time

    def pick_trouble(self):
        """What goes wrong with this request, if anything."""
        with self.lock:
            self.requests += 1
            if not self.troubles or self.random.random() >= 0.25:
                return None
            trouble = self.random.choice(self.troubles)
            self.count[trouble] += 1
            return trouble


class Network(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(300, 400), 5, 4, options=["COMPRESS=DEFLATE"])
        self.reference = self.whole(self.tiles)

    def serve_with(self, *troubles):
        return self.serve(Server(self.path("in"), *troubles))

    def urls(self, server):
        base = f"/vsicurl/http://127.0.0.1:{server.server_port}"
        return [f"{base}/{stem(tile)}.tif" for tile in self.tiles]

    def test_good_server(self):
        server = self.serve_with()
        self.batch(*LEAN, *self.urls(server))
        self.assert_windows(self.tiles, self.reference)
        self.batch("--verify", *LEAN, *self.urls(server))
        self.batch(*LEAN, *self.urls(server))
        self.count(kept=20)

    def test_server_that_drops_and_delays(self):
        server = self.serve_with("delay", "reset", "busy")
        self.batch(*RETRY, *LEAN, *self.urls(server))
        self.count(done=20)
        self.assertTrue(all(server.count.values()), server.count)
        print(f"{server.requests} requests, of which {server.count}")
        self.assert_windows(self.tiles, self.reference)

    def test_answers_cut_short(self):
        """Whether or not GDAL asks again: what fails is named, and a rerun does it."""
        server = self.serve_with("cut")
        result = self.run_batch("--report", self.path("report.json"), *LEAN, *self.urls(server))
        self.assertGreater(server.count["cut"], 0)
        failed = [tile for tile in self.report()["tiles"] if tile["state"] == "failed"]
        self.assertEqual(result.code, 1 if failed else 0, result.err)
        for tile in failed:
            self.assertIn(stem(tile["input"]), tile["error"])
            self.assertIn(tile["error"], result.err)
        self.assert_tidy(self.out)
        print(f"{server.requests} requests, {server.count['cut']} cut, {len(failed)} tiles failed")
        server.troubles = ()
        self.batch(*LEAN, *self.urls(server))
        self.assert_windows(self.tiles, self.reference)

    def test_an_output_of_another_server(self):
        """It is not replaced unasked; who asks, and with what token, is neither told nor compared."""
        servers = [self.serve_with(), self.serve_with()]
        urls = [f"/vsicurl/http://user:secret@127.0.0.1:{server.server_port}/t003.tif" for server in servers]
        self.batch(*LEAN, urls[0])
        before = self.outputs()
        for option in ((), ("--edge-order", 2)):
            result = self.run_batch(*LEAN, *option, urls[1])
            self.assertEqual(result.code, 1)
            self.assertIn("is the output of /vsicurl/http://127.0.0.1:", result.err)
            self.assertEqual(self.outputs(), before)
        with open(self.output("t003.tif"), "rb") as file:
            self.assertNotIn(b"secret", file.read())
        self.batch("--edge-order", 2, *LEAN, urls[0].replace("secret", "other") + "?token=1")
        self.assertNotEqual(self.outputs(), before)

    def test_no_such_tile(self):
        server = self.serve_with()
        urls = self.urls(server)
        os.remove(self.tiles[7])
        result = self.run_batch("--report", self.path("report.json"), *LEAN, *urls)
        self.assertEqual(result.code, 1)
        self.assertIn(urls[7], result.err)
        self.count(done=19, failed=1)


if __name__ == "__main__":
    batch_support.main()
