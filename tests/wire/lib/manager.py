# A manager of services for tests: starts the program as systemd would, and tells what it says.
#   manager.py WATCHDOG_SECONDS LISTENS PROGRAM ARGS...
# stdout: a JSON line for each message, {"told": ...}, for each line of the program, {"line": ...}, at its end {"ended": CODE}.
# stdin: names of signals, a line each.
import json, os, select, signal, socket, sys, tempfile

watchdog, listens, command = float(sys.argv[1]), sys.argv[2] == "1", sys.argv[3:]
folder = tempfile.mkdtemp()
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind(folder + "/notify")
out, into = os.pipe()
door = None
if listens:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen()

child = os.fork()
if child == 0:
    env = dict(os.environ, NOTIFY_SOCKET=folder + "/notify", JOURNAL_STREAM="1:1")
    if watchdog:
        env.update(WATCHDOG_USEC=str(int(watchdog * 1e6)), WATCHDOG_PID=str(os.getpid()))
    os.dup2(into, 1)
    if door:
        number = door.detach()
        os.dup2(number, 3)
        os.set_inheritable(3, True)
        env.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
    os.execve(command[0], command, env)
os.close(into)


def say(**what):
    print(json.dumps(what), flush=True)


if door:
    say(door=door.getsockname()[1])
    door.close()
rest, sources = b"", [told, out, sys.stdin]
while out in sources:
    for ready in select.select(sources, [], [])[0]:
        if ready is told:
            say(told=told.recv(4096).decode())
        elif ready is out:
            data = os.read(out, 65536)
            if not data:
                sources.remove(out)
            rest += data
            *lines, rest = rest.split(b"\n")
            for line in lines:
                say(line=line.decode())
        else:
            name = sys.stdin.readline().strip()
            if name:
                os.kill(child, getattr(signal, "SIG" + name))
            else:
                sources.remove(sys.stdin)
told.setblocking(False)
try:
    while True:
        say(told=told.recv(4096).decode())
except BlockingIOError:
    pass
say(ended=os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os.unlink(folder + "/notify")
os.rmdir(folder)
