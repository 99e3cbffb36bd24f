"""A server in a process of its own: started, listened to, and stopped without leaving anything behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.ports import LOOPBACK


class ServerProcess:
    """A running command whose output (stdout and stderr together) is kept and can be waited for."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: int | None = None,
        group: int | None = None,
    ) -> None:
        """Starts the command at once.

        Args:
            command: program and arguments.
            env: variables on top of this process's own.
            cwd: folder to start in.
            user: numeric user id to run as; only root may ask for another one.
            group: numeric group id that goes with it; drops every other group.
        """
        self.command = [str(word) for word in command]
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
            cwd=cwd,
            user=user,
            group=group,
            extra_groups=None if group is None else [],
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name=f"output of {self.command[0]}", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self._lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its process group."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.poll()

    @property
    def output(self) -> str:
        """Everything printed so far."""
        with self._news:
            return "\n".join(self._lines)

    def wait_for_line(self, pattern: str, *, seconds: float = 120) -> re.Match[str]:
        """Waits until a line of the output matches, one printed earlier included.

        Raises:
            AssertionError: the time is up or the process has ended; shows the output.
        """
        deadline = time.monotonic() + seconds
        seen = 0
        with self._news:
            while True:
                for line in self._lines[seen:]:
                    if match := re.search(pattern, line):
                        return match
                seen = len(self._lines)
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    raise AssertionError(self._story(f"never printed {pattern!r}"))
                self._news.wait(left)

    def wait_for_port(self, port: int, *, seconds: float = 120) -> None:
        """Waits until something accepts connections on a loopback port.

        Raises:
            AssertionError: the time is up or the process has ended; shows the output.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._ended:
            try:
                socket.create_connection((LOOPBACK, port), timeout=1).close()
            except OSError:
                with self._news:
                    self._news.wait(0.05)  # news or not, try again: a port announces itself to nobody
            else:
                return
        raise AssertionError(self._story(f"never listened on port {port}"))

    def stop(self, *, seconds: float = 60) -> int:
        """Asks it to end (SIGTERM) and returns the exit status; kills it when it does not."""
        return self._end(signal.SIGTERM, seconds)

    def kill(self) -> int:
        """Ends it as a power cut would (SIGKILL) and returns the exit status."""
        return self._end(signal.SIGKILL, seconds=60)

    def _end(self, how: signal.Signals, seconds: float) -> int:
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._kill_group()
            status = self._process.wait(seconds)
        self._kill_group()
        self._reader.join(seconds)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status

    def _kill_group(self) -> None:
        """Ends what the process started and left; the session it was given makes the group its own."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _story(self, what: str) -> str:
        tail = "\n".join(self._lines[-60:])
        return f"{' '.join(self.command)} {what} (exit status {self._process.poll()}); it printed:\n{tail}"
