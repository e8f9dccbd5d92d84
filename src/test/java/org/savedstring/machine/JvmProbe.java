package org.savedstring.machine;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Looks into the JVM of an instance: what its own threads have done so far, and what it holds. */
public final class JvmProbe implements AutoCloseable {

    /** Only one in so many leaves no gaps (-XX:MarkSweepAlwaysCompactCount); what dies after a last word takes two. */
    private static final int COMPACTING_COLLECTIONS = 4;

    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final MemoryMXBean memory;
    private final BufferPoolMXBean directBuffers;

    /**
     * What the threads did since the start.
     *
     * @param cpuNanos by their own clocks
     */
    public record Work(long allocatedBytes, long cpuNanos) {

        public Work since(Work before) {
            return new Work(allocatedBytes - before.allocatedBytes, cpuNanos - before.cpuNanos);
        }
    }

    /** Of a process that the tests started: nobody else can have made the address. */
    @SuppressWarnings("BanJNDI")
    public JvmProbe(long pid) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            String address = machine.startLocalManagementAgent();
            machine.detach();
            connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
            MBeanServerConnection connection = connector.getMBeanServerConnection();
            threads = ManagementFactory.newPlatformMXBeanProxy(
                    connection, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            memory = ManagementFactory.newPlatformMXBeanProxy(
                    connection, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
            directBuffers = ManagementFactory.newPlatformMXBeanProxy(
                    connection, "java.nio:type=BufferPool,name=direct", BufferPoolMXBean.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AttachNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Work work() {
        long[] ids = Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> !isOfTheProbe(thread))
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
        return new Work(sum(threads.getThreadAllocatedBytes(ids)), sum(threads.getThreadCpuTime(ids)));
    }

    /** What is left in the heap once everything that nobody needs is gone. */
    public long liveHeapBytes() {
        return IntStream.range(0, COMPACTING_COLLECTIONS)
                .mapToLong(i -> collected())
                .min()
                .orElseThrow();
    }

    private long collected() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** What lies outside the heap until a collection finds that nobody needs it; Netty's own memory isn't among it. */
    public long collectedDirectBytes() {
        return directBuffers.getMemoryUsed();
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOfTheProbe(ThreadInfo thread) {
        return thread.getThreadName().matches("(RMI|JMX|Attach) .*");
    }

    private static long sum(long[] values) {
        return LongStream.of(values).filter(value -> value > 0).sum();
    }
}
