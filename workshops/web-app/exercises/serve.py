"""The server: waits for browsers and hands each request to the application in lunch.py."""

import sys
from socketserver import TCPServer, ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import lunch

PORT = 8437


class Server(ThreadingMixIn, WSGIServer):
    """Answers every request in a thread of its own, so that none waits for another."""

    daemon_threads = True

    def server_bind(self):
        TCPServer.server_bind(self)
        # Without this the server would ask the network for the name of this computer.
        self.server_name, self.server_port = "localhost", PORT
        self.setup_environ()


class Handler(WSGIRequestHandler):
    """Says what was asked and answered in one line, short enough for half a window."""

    def log_message(self, form, *values):
        line = form % values
        print("".join(sign if sign.isprintable() else "?" for sign in line), flush=True)


def main():
    try:
        server = Server(("127.0.0.1", PORT), Handler)
    except OSError as error:
        sys.exit(
            f"Port {PORT} is not free: {error.strerror}.\n"
            "Is the application running already, here or in the other terminal? Stop it with Ctrl+C.\n"
            f"If not, another program has the port; `lsof -i :{PORT}` may tell which."
        )
    server.set_app(lunch.application)
    print(f"Waiting for requests on http://localhost:{PORT}/ (Ctrl+C stops)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Stopped.")
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
