"""Run in a process of its own: looking names up the green way takes a patched one."""

import subprocess
import sys

SCRIPT = """
import eventlet
eventlet.monkey_patch()
import socket
import dns.message, dns.resolver, dns.rrset
from eventlet.support import greendns
from deploy.reestr.lookups import look_up_anew

look_up_anew()
answers = []

def lookup(self, name, *_, **__):
    assert self.cache is None
    if not answers:
        raise dns.resolver.NXDOMAIN(qnames=[name], responses={})
    text = dns.message.from_text(f"id 1\\nflags QR\\n;QUESTION\\n{name} IN A\\n;ANSWER\\n{name} 600 IN A {answers[0]}")
    return dns.resolver.Answer(name, 1, 1, text)

dns.resolver.Resolver.query = lookup

def found():
    try:
        return socket.getaddrinfo("broker.test", 5672, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]
    except socket.gaierror:
        return None

print(found())
answers.append("192.0.2.1")
print(found())
answers[0] = "192.0.2.2"
print(found())
"""


def test_a_server_that_comes_back_or_moves_is_found_at_once():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["None", "192.0.2.1", "192.0.2.2"], done.stderr
