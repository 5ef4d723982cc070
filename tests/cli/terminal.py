"""Runs a command on a pseudo-terminal: waits for texts, types keys, prints all that was shown.

terminal.py ROWS COLUMNS STEPS COMMAND…   where STEPS is JSON: [[text to wait for, keys to type], …]
Exits with the command's code, or 99 where a text never came; prints the transcript as it came, escapes and all.
"""

import fcntl, json, os, pty, re, select, struct, sys, termios, time

rows, columns, steps, command = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4:]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(command[0], command)

shown, at = b"", 0


def plain():
    """What was shown without escapes; one that is not whole yet is left for later."""
    whole = re.sub(rb"\x1b\[?[0-9;?]*$", b"", shown)
    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])", "", whole.decode("utf-8", "replace"))


def end(text):
    """Where a text that was waited for ends; -1 where it is not there. A prompt counts at the end alone: what is typed
    after it paints it again."""
    seen = plain()
    if text.endswith("> "):
        return len(seen) if seen[at:].rstrip("\r").endswith(text) else -1
    found = seen.find(text, at)
    return found + len(text) if found >= 0 else -1


def read(seconds):
    """Takes what the command shows; False at its end. A question for the cursor's place is answered as terminals do."""
    global shown
    if not select.select([fd], [], [], seconds)[0]:
        return True
    try:
        data = os.read(fd, 65536)
    except OSError:
        return False
    shown += data
    for _ in range(data.count(b"\x1b[6n")):
        os.write(fd, b"\x1b[1;1R")
    return bool(data)


code = 0
for text, keys in steps:
    until = time.time() + 20
    while end(text) < 0:
        if time.time() > until or not read(0.5):
            break
    if end(text) < 0:
        code = 99
        sys.stderr.write("never shown: %r\n" % text)
        break
    at = end(text)
    os.write(fd, keys.encode())
until = time.time() + 20
while time.time() < until and read(0.5):
    if code:
        os.kill(pid, 9)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
if not code and time.time() >= until:
    # What does not end by itself is a failure, not a test that waits for ever.
    sys.stderr.write("still running at the end of the session\n")
    os.kill(pid, 9)
    code = 98
if not code:
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
