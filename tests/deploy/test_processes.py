import os
import signal
import subprocess
import sys

from deploy.reestr.processes import ProcessId, identify, parse


def identity(pid):
    process = identify(pid)
    assert process
    return process


def start(code):
    child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE)
    return child, identify(child.pid)


def test_a_process_is_known_by_more_than_its_number():
    ourselves = identity(os.getpid())
    assert ourselves.alive()
    assert not ProcessId(ourselves.pid, "another boot/1").alive()


def test_an_identity_survives_its_file():
    ourselves = identity(os.getpid())
    assert parse(str(ourselves)) == ourselves
    assert parse("") is None
    assert parse("no number") is None


def test_an_ended_child_is_gone_before_it_is_reaped():
    child, process = start("pass")
    assert process is None or process.wait_gone(5)
    child.wait()


def test_stop_kills_what_does_not_end():
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    child, process = start(deaf)
    child.stdout.readline()
    process.stop(0.2)
    assert child.wait(5) == -signal.SIGKILL
    child.stdout.close()


def test_the_group_is_killed_also_after_its_leader():
    child, process = start("import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True)")
    left = identity(int(child.stdout.readline()))
    child.wait(5)
    assert left.alive()
    process.kill_group()
    assert left.wait_gone(5)
    child.stdout.close()
