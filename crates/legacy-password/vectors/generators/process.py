"""A process of another language that answers one JSON job a line, kept for as long as this one runs."""

import json
import subprocess


class Answers:
    def __init__(self, *command):
        self.command = command
        self.process = None

    def to(self, **job):
        """Bytes in a job travel as hexadecimal digits."""
        if self.process is None:
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, text=True)
        hexed = {name: value.hex() if isinstance(value, bytes) else value for name, value in job.items()}
        self.process.stdin.write(json.dumps(hexed) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.command[0]} gave no answer to {job['do']}")
        return json.loads(line)
