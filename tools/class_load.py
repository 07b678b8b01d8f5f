"""A class on one machine, played on loopback: `make test-class` prints what each learner got.

A JupyterHub, and learners without a browser: each logs in, opens a lesson and runs all its cells.
Who has finished moves a slider until all have: its callback draws a picture in Python and sends
it back. `--alone` plays the lessons one after the other instead: what does one learner need?
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROXY = ["npx", "--yes", "configurable-http-proxy@5.3.0"]
START_SECONDS, RUN_SECONDS = 120, 1800
MACHINES = (8, 16, 32)  # GB
SYSTEM_GB = 1.5  # kept for the operating system, the hub and the proxy
SLIDER = """
import io
import ipywidgets
from matplotlib.figure import Figure

probe, picture = ipywidgets.IntSlider(), ipywidgets.Image()

def draw(change):
    figure = Figure(figsize=(6, 4))
    figure.subplots().plot(range(change["new"] + 2))
    file = io.BytesIO()
    figure.savefig(file)
    picture.value = file.getvalue()

probe.observe(draw, "value")
print(probe.model_id, picture.model_id)
"""
CONFIG = """
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.DummyAuthenticator.password = {token!r}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser", "--allow-root"]
c.Spawner.environment = {environment!r}
c.Spawner.start_timeout = c.Spawner.http_timeout = {start}
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.services = [{{"name": "class", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{
    "name": "class", "services": ["class"],
    "scopes": ["admin:users", "admin:servers", "access:servers"],
}}]
"""


@dataclass
class Learner:
    """One learner, and what came of the lesson."""

    name: str
    lesson: Path
    opened: float = 0.0  # seconds from the request for a server to the page of the lesson
    ran: float = 0.0  # seconds for all cells
    slider: list[float] = field(default_factory=list)  # seconds from a move to its picture
    kernel: float = 0.0  # the most that the lesson's kernel took, MB (PSS)
    memory: float = 0.0  # the same of server and kernel together
    processor: float = 0.0  # seconds
    fault: str = ""


def table(learners: list[Learner], alone: bool) -> str:
    """One line a lesson, the most of its learners, as a table in Markdown.

    Played alone, only what does not depend on how busy the machine is.
    """
    waits = [] if alone else ["learners", "opened", "ran all", "slider: median, worst"]
    head = ["Lesson", *waits, "processor", "kernel", "memory"]
    lines = [head, ["---"] * len(head)]
    for lesson in sorted({learner.lesson for learner in learners}):
        those = [one for one in learners if one.lesson == lesson]
        moves = [1000 * s for one in those for s in one.slider]
        slider = f"{statistics.median(moves):.0f}, {max(moves):.0f} ms" if moves else "-"
        numbers = ("opened", "ran", "processor", "kernel", "memory")
        opened, ran, used, *taken = (max(getattr(one, n) for one in those) for n in numbers)
        waits = [] if alone else [f"{len(those)}", f"{opened:.0f} s", f"{ran:.0f} s", slider]
        lines.append([lesson.stem, *waits, f"{used:.0f} s", *(f"{mb:.0f} MB" for mb in taken)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fits(memory: float, gigabytes: float) -> int:
    """How many learners of so many MB fit into a machine, beside what the system needs."""
    return max(0, int((gigabytes - SYSTEM_GB) * 1000 // memory))


# ---- what the learners take ----


def pss(process: psutil.Process) -> float:
    """A process's share of memory, MB: what several use counts in part. 0 if it has ended."""
    try:
        info = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return getattr(info, "pss", info.uss) / 1e6


def seconds(process: psutil.Process) -> float:
    """The processor's time that a process has used. 0 if it has ended."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


def is_kernel(process: psutil.Process) -> bool:
    """Whether it runs a lesson's cells; the others are the learner's server."""
    try:
        return "ipykernel_launcher" in process.cmdline()
    except psutil.Error:
        return False


def owner(process: psutil.Process) -> str:
    """Whose server or kernel it is."""
    try:
        return process.environ().get("JUPYTERHUB_USER", "")
    except psutil.Error:
        return ""


async def watch(hub: psutil.Process, learners: list[Learner]) -> None:
    """Note the most memory, and the processor's time, until cancelled."""
    by_name = {learner.name: learner for learner in learners}
    while True:
        seen: dict[str, list[psutil.Process]] = {}
        for process in await asyncio.to_thread(hub.children, recursive=True):
            seen.setdefault(owner(process), []).append(process)
        for name, processes in seen.items():
            if learner := by_name.get(name):
                taken = await asyncio.to_thread(lambda p=processes: list(map(pss, p)))
                kernel = sum(mb for mb, one in zip(taken, processes, strict=True) if is_kernel(one))
                learner.kernel = max(learner.kernel, kernel)
                learner.memory = max(learner.memory, sum(taken))
                learner.processor = max(learner.processor, sum(map(seconds, processes)))
        await asyncio.sleep(1)


# ---- a learner ----


class Kernel:
    """A kernel behind the hub, spoken to as JupyterLab does."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket

    async def send(self, kind: str, content: dict[str, Any]) -> str:
        """Send a message on the shell channel; its id."""
        header = {"msg_id": uuid4().hex, "msg_type": kind, "username": "", "session": "class"}
        header["version"] = "5.3"
        parts = {"parent_header": {}, "metadata": {}, "content": content, "buffers": []}
        await self.socket.write_message(json.dumps({"channel": "shell", "header": header, **parts}))
        return header["msg_id"]

    async def heard(self) -> AsyncIterator[dict[str, Any]]:
        """The kernel's messages. In a binary one, numbers say where the text and buffers begin."""
        while (message := await self.socket.read_message()) is not None:
            if isinstance(message, bytes):
                starts = [int.from_bytes(message[i : i + 4], "big") for i in (4, 8)]
                message = message[starts[0] : starts[1]].decode()
            yield json.loads(message)
        raise ConnectionError("the connection to the kernel broke")

    async def run(self, source: str) -> str:
        """Run a cell; what it printed. RuntimeError if it failed."""
        cell = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        asked, printed = await self.send("execute_request", cell), ""
        async for message in self.heard():
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "error":
                raise RuntimeError(f"{content['ename']}: {content['evalue']} in {source[:60]!r}")
            if kind == "stream" and content["name"] == "stdout":
                printed += content["text"]
            if kind == "status" and content["execution_state"] == "idle":
                break
        return printed

    async def move(self, slider: str, picture: str, value: int) -> None:
        """Move a slider, and wait for the picture that it changes."""
        data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        await self.send("comm_msg", {"comm_id": slider, "data": data})
        async for message in self.heard():
            if message["content"].get("comm_id") == picture:
                return


class Class:
    """The address of a hub, and the right to do everything there."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.headers = address, {"Authorization": f"token {token}"}
        self.client = AsyncHTTPClient()

    def request(self, path: str, body: Any = None) -> HTTPRequest:
        """A request that reads a path, or sends a body to it."""
        method, text = ("GET", None) if body is None else ("POST", json.dumps(body))
        address = self.address + path
        return HTTPRequest(address, method, self.headers, text, request_timeout=START_SECONDS)

    async def ask(self, path: str, body: Any = None) -> Any:
        """What the hub or a learner's server answers, read as JSON where it is JSON."""
        answer = await self.client.fetch(self.request(path, body))
        json_type = "json" in answer.headers.get("Content-Type", "")
        return json.loads(answer.body) if json_type and answer.body else None

    async def open(self, learner: Learner) -> Kernel:
        """Start the learner's server, open the lesson and its kernel."""
        begin, name = time.monotonic(), learner.name
        await self.ask(f"/hub/api/users/{name}", {})
        await self.ask(f"/hub/api/users/{name}/server", {})
        while not (await self.ask(f"/hub/api/users/{name}"))["servers"].get("", {}).get("ready"):
            if time.monotonic() - begin > START_SECONDS:
                raise TimeoutError("the server did not start")
            await asyncio.sleep(0.5)
        await self.ask(f"/user/{name}/lab/tree/{learner.lesson.name}")
        await self.ask(f"/user/{name}/api/contents/{learner.lesson.name}")
        kernel = {"kernel": {"name": "python3"}, "name": "", "type": "notebook"}
        path = {"path": learner.lesson.name}
        session = await self.ask(f"/user/{name}/api/sessions", {**kernel, **path})
        channels = f"/user/{name}/api/kernels/{session['kernel']['id']}/channels"
        request = self.request(channels)
        request.url = request.url.replace("http", "ws", 1)
        learner.opened = time.monotonic() - begin
        return Kernel(await websocket_connect(request, max_message_size=2**30))

    async def run_and_move(self, learner: Learner, running: set[str]) -> None:
        """Open the lesson, run all, and move a slider while others still run theirs."""
        kernel = await self.open(learner)
        begin = time.monotonic()
        for cell in nbformat.read(learner.lesson, as_version=4).cells:
            if cell.cell_type == "code":
                await kernel.run(cell.source)
        learner.ran = time.monotonic() - begin
        slider, picture = (await kernel.run(SLIDER)).split()
        running.discard(learner.name)
        while running or len(learner.slider) < 10:
            begin = time.monotonic()
            await kernel.move(slider, picture, 1 + len(learner.slider) % 100)
            learner.slider.append(time.monotonic() - begin)
            await asyncio.sleep(1)

    async def learn(self, learner: Learner, running: set[str]) -> None:
        """The same with an end, and with the fault noted if there is one."""
        try:
            async with asyncio.timeout(RUN_SECONDS):
                await self.run_and_move(learner, running)
        except (OSError, RuntimeError, ValueError, HTTPClientError) as error:
            learner.fault = f"{type(error).__name__}: {error}"
        finally:
            running.discard(learner.name)

    async def leave(self, learner: Learner) -> None:
        """Stop the learner's server."""
        request = self.request(f"/hub/api/users/{learner.name}/server")
        request.method = "DELETE"
        await self.client.fetch(request, raise_error=False)


# ---- the hub ----


def free_ports(n: int) -> list[int]:
    """Ports of this machine that nobody uses."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def environment(folder: Path) -> dict[str, str]:
    """What a learner's server should know: where JupyterLab is, and docs/teaching.md's settings."""
    share = ROOT / ".venv" / "share" / "jupyter"
    known = {
        "JUPYTERLAB_DIR": str(share / "lab"),
        "JUPYTER_PATH": str(share),
        "JUPYTER_CONFIG_PATH": str(ROOT / ".venv" / "etc" / "jupyter"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_MMAP_THRESHOLD_": "4194304",
        "MALLOC_TRIM_THRESHOLD_": "16777216",
    }
    if data := os.environ.get("NNLESSON_DATA"):
        known["NNLESSON_DATA"] = str(Path(data).resolve())
    return known


@contextlib.contextmanager
def jupyterhub(folder: Path, learners: list[Learner]) -> Iterator[tuple[Class, psutil.Process]]:
    """A hub on loopback for these learners, each with a home that holds the lesson."""
    for learner in learners:
        home = folder / "homes" / learner.name
        home.mkdir(parents=True)
        shutil.copy(learner.lesson, home)
    (port, hub_port, proxy_port), token = free_ports(3), secrets.token_hex(16)
    config = folder / "jupyterhub_config.py"
    text = CONFIG.format(
        homes=str(folder / "homes"), python=sys.executable, environment=environment(folder),
        start=START_SECONDS, port=port, hub_port=hub_port, proxy_port=proxy_port, proxy=PROXY,
        token=token,
    )  # fmt: skip
    config.write_text(text, encoding="utf-8")
    config.chmod(0o600)
    log = folder / "jupyterhub.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
        hub = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, start_new_session=True)
    process, started = psutil.Process(hub.pid), []
    try:
        end = time.monotonic() + START_SECONDS
        while b"JupyterHub is now running" not in log.read_bytes():
            if hub.poll() is not None or time.monotonic() > end:
                sys.exit(f"JupyterHub did not start:\n{log.read_text(errors='replace')[-2000:]}")
            with contextlib.suppress(psutil.NoSuchProcess):
                started = process.children(recursive=True)  # the proxy outlives a hub that fails
            time.sleep(0.2)
        yield Class(f"http://127.0.0.1:{port}", token), process
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            started = process.children(recursive=True)
        hub.terminate()  # it stops the servers and the proxy
        with contextlib.suppress(subprocess.TimeoutExpired):
            hub.wait(60)
        for each in [process, *started]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()


async def play(hub: Class, process: psutil.Process, learners: list[Learner], alone: bool) -> None:
    """Let them learn: all at once, or one after the other."""
    watching = asyncio.create_task(watch(process, learners))
    try:
        for group in [[one] for one in learners] if alone else [learners]:
            running = {learner.name for learner in group}
            await asyncio.gather(*(hub.learn(learner, running) for learner in group))
            if alone:
                await hub.leave(group[0])
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def main() -> int:
    """Play a class; 0 if nobody met a fault."""
    parser = argparse.ArgumentParser(description="Play a class on one machine, on loopback.")
    parser.add_argument("--learners", type=int, default=12, help="spread over the lessons")
    parser.add_argument("--alone", action="store_true", help="each lesson by one learner, in turn")
    arguments = parser.parse_args()
    if arguments.learners < 1:
        parser.error("--learners: a class needs 1 or more")
    if not shutil.which("npx"):
        sys.exit(
            "JupyterHub's proxy runs on Node.js, and no npx was found: install nodejs and npm."
        )
    if subprocess.run([*PROXY, "--version"], stdout=subprocess.DEVNULL).returncode:
        sys.exit("JupyterHub's proxy could not be fetched (see above): check the network.")
    number = len(NOTEBOOKS) if arguments.alone else arguments.learners
    lessons = [NOTEBOOKS[i % len(NOTEBOOKS)] for i in range(number)]
    learners = [Learner(f"learner{i}", lesson) for i, lesson in enumerate(lessons)]
    with (
        tempfile.TemporaryDirectory(prefix="nnlesson-class-") as folder,
        jupyterhub(Path(folder), learners) as (hub, process),
    ):
        asyncio.run(play(hub, process, learners, arguments.alone))
    print(table(learners, arguments.alone))
    most = round(max(learner.memory for learner in learners))
    if arguments.alone and most:
        room = " | ".join(f"{fits(most, size)}" for size in MACHINES)
        print(f"\nLearners that fit in {MACHINES} GB: | {room} |")
    faults = [learner for learner in learners if learner.fault]
    for learner in faults:
        print(f"{learner.name}, {learner.lesson.stem}: {learner.fault}")
    print(f"{len(learners)} learners, {len(faults)} with a fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
