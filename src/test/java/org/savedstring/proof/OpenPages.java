package org.savedstring.proof;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.stream.Stream;
import org.savedstring.load.Attempt;
import org.savedstring.machine.Cell;
import org.savedstring.machine.EventStream;
import org.savedstring.machine.ServiceInstance;

/** Pages that are open during a proof: one on each instance, and one behind the load balancer. */
final class OpenPages implements AutoCloseable {

    private final List<EventStream> streams;

    OpenPages(List<EventStream> streams) {
        this.streams = streams;
    }

    static OpenPages of(Cell cell) {
        return new OpenPages(Stream.concat(
                        Stream.of(cell.loadBalancer().address()),
                        cell.instances().stream().map(ServiceInstance::address))
                .map(EventStream::new)
                .toList());
    }

    static OpenPages at(InetSocketAddress address) {
        return new OpenPages(List.of(new EventStream(address)));
    }

    void awaitVersion(long version) {
        streams.forEach(stream -> stream.awaitVersion(version));
    }

    /** What is wrong with what they were told until now, and the longest that one claimed to be current when it wasn't. */
    StreamVerdict verdict(List<Attempt> attempts, NavigableMap<Long, String> kept) {
        return verdict(attempts, kept, Set.of());
    }

    /** The same where the store says that it lost versions. */
    StreamVerdict verdict(List<Attempt> attempts, NavigableMap<Long, String> kept, Set<Long> lost) {
        List<StreamVerdict> each = streams.stream()
                .map(stream -> StreamVerdict.of(stream.told(), attempts, kept, lost))
                .toList();
        return new StreamVerdict(
                each.stream().flatMap(verdict -> verdict.violations().stream()).toList(),
                each.stream()
                        .map(StreamVerdict::longestStaleClaim)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO));
    }

    @Override
    public void close() {
        streams.forEach(EventStream::close);
    }
}
