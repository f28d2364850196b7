"""Writes steno(1), as troff, from what the binary says of its own commands: manpage.py BINARY > steno.1"""

import json
import re
import subprocess
import sys

FILES = r"""
.SH FILES
.TP
.I /etc/steno/steno.conf
The configuration that the service reads: a
.I key = value
a line.
.B steno check
tells what is in force.
.TP
.I /var/lib/steno/steno.db
The store of the service. Anywhere else it is
.I steno.db
in
.BR $STATE_DIRECTORY ,
or in the working folder.
.SH ENVIRONMENT
.TP
.BI STENO_ KEY
Any key of the configuration, its dots and all as underscores:
.B STENO_LOG_LEVEL=debug
.TP
.B NO_COLOR
No colours on a terminal.
.SH EXIT STATUS
0: done. 1: failed, and standard error says why. 64: the command line is wrong.
.SH SIGNALS
.B steno serve
reads its configuration anew on
.BR SIGHUP ,
and on
.B SIGTERM
lets running exchanges end, records them all and ends.
"""


def text(words: str) -> str:
    """Escaped, with code in bold."""
    words = words.replace("\\", r"\e").replace("-", r"\-")
    words = re.sub(r"`([^`]+)`", r"\\fB\1\\fP", words)
    return "\n".join(("\\&" + line if line[:1] in ".'" else line) for line in words.splitlines())


def name(argument: dict) -> str:
    names = argument.get("names") or []
    shown = [text(("--" if n["kind"] == "long" else "-") + n["name"]) for n in names]
    value = argument.get("valueName", "value")
    if argument["kind"] == "positional":
        return rf"\fI{text(value)}\fP"
    suffix = rf" \fI{text(value)}\fP" if argument["kind"] == "option" else ""
    return ", ".join(rf"\fB{n}\fP" for n in shown) + suffix


def arguments(command: dict) -> list[str]:
    lines = []
    for argument in command.get("arguments", []):
        names = {n["name"] for n in argument.get("names") or []}
        if not argument.get("shouldDisplay", True) or names & {"version", "help"}:
            continue
        about = argument.get("abstract", "")
        if argument.get("allValueStrings"):
            about += f" One of: {', '.join(argument['allValueStrings'])}."
        if argument.get("defaultValue") not in (None, "", "[]"):
            about += f" Else {argument['defaultValue']}."
        lines += [".TP", name(argument), text(about.strip())]
    return lines


def main() -> None:
    binary = sys.argv[1]
    dump = json.loads(subprocess.run([binary, "--experimental-dump-help"], capture_output=True, check=True).stdout)
    version = subprocess.run([binary, "version"], capture_output=True, check=True, text=True).stdout.strip()
    root = dump["command"]
    out = [
        f'.TH STENO 1 "" "{version}" "User Commands"',
        ".SH NAME",
        text("steno - " + root["abstract"][0].lower() + root["abstract"][1:].rstrip(".")),
        ".SH SYNOPSIS",
        r"\fBsteno\fP \fIcommand\fP [\fIoptions\fP]",
        ".SH COMMANDS",
    ]
    for command in root["subcommands"]:
        if command["commandName"] == "help" or not command.get("shouldDisplay", True):
            continue
        positional = [name(a) for a in command.get("arguments", []) if a["kind"] == "positional"]
        out += [f".SS steno {' '.join([command['commandName'], *positional])}", text(command.get("abstract", ""))]
        if command.get("discussion"):
            out += [".PP", text(command["discussion"])]
        out += arguments(command)
        for sub in command.get("subcommands", []):
            if sub["commandName"] == "help":
                continue
            out += [".PP", rf"\fBsteno {command['commandName']} {sub['commandName']}\fP: {text(sub.get('abstract', ''))}"]
            out += arguments(sub)
    print("\n".join(out) + FILES.rstrip())


main()
