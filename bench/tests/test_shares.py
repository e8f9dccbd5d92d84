"""What the shares are made from: samples of stacks, the first use of classes."""

import os
import socket
import unittest

from benchmark import replication, sampling, starting

_SAMPLES = """default-nioEven 23154 
\tffffffff82027fc9 __tcp_transmit_skb
\tffffffff8201030f tcp_sendmsg
\tffffffff821ef691 do_syscall_64
\t    7f0d03f45004 int io.netty.channel.uring.Native.ioUringEnter(int, int, int, int)

default-nioEven 23154 
\tffffffff8201030f tcp_v4_rcv
\tffffffff8201030f net_rx_action
\tffffffff8201030f tcp_sendmsg
\tffffffff821ef691 do_syscall_64

default-nioEven 23154 
\t    7f0d03f45001 java.lang.Object java.util.HashMap.get(java.lang.Object)
\t    7f0d03f8743e void org.savedstring.connection.BoundedHeaders.add(java.lang.CharSequence)
\t    7f0d0404b188 void io.netty.channel.uring.AbstractIoUringChannel.readComplete(byte)

C2 CompilerThre 23140 
\t          a23840 Compile::Optimize
"""

_LOG = """[160000000ns] 0 Initializing 'java/lang/System' (0x0000000071666d98) by thread "Unknown thread"
[592000000ns] 348 Initializing 'org/savedstring/SavedStringApplication' (0x00000000549352a0) by thread "main"
[600000000ns] 1126 Initializing 'org/savedstring/settings/SettingsOther' (0x0000000054935630) by thread "main"
"""


class SharesTest(unittest.TestCase):
    def test_a_sample_counts_once_for_what_its_event_loop_does(self):
        self.assertEqual(
            {
                "kernel: sending": 1,
                "kernel: packets handed to the other side, over loopback": 1,
                "HTTP read and written: Netty's codec, with the service's limits": 1,
            },
            dict(sampling.count(_SAMPLES, "default-nio", sampling.event_loop_part)),
        )

    def test_another_process_is_made_to_send_at_once(self):
        listener = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        link = self.enterContext(socket.create_connection(listener.getsockname()))
        for on in (1, 0):
            replication.send_at_once(os.getpid(), listener.getsockname()[1], bool(on))
            self.assertEqual(on, link.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def test_a_phase_begins_with_the_first_use_of_its_class(self):
        self.assertEqual({"the JVM is there": 160.0, "main begins": 592.0}, starting.phases(_LOG))


if __name__ == "__main__":
    unittest.main()
