package org.savedstring.live;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.savedstring.answer.ClientAddress;
import org.savedstring.answer.Problems;

/** Bounds the open streams, all together and those of one client. */
final class StreamPlaces {

    private final int max;
    private final int perClientMax;
    private final AtomicInteger taken = new AtomicInteger();
    private final ConcurrentMap<String, Integer> takenByClient = new ConcurrentHashMap<>();

    StreamPlaces(int max, int perClientMax) {
        this.max = max;
        this.perClientMax = perClientMax;
    }

    int taken() {
        return taken.get();
    }

    /**
     * Takes a place.
     *
     * @return whose place it is, to be passed when it is given back
     * @throws org.savedstring.answer.ProblemException if there is none
     */
    String take(String address) {
        String client = ClientAddress.networkOf(address);
        if (taken.incrementAndGet() > max) {
            taken.decrementAndGet();
            throw Problems.tooManyStreams(max);
        }
        if (takenByClient.merge(client, 1, Integer::sum) > perClientMax) {
            giveBack(client);
            throw Problems.tooManyStreamsOfClient(perClientMax);
        }
        return client;
    }

    void giveBack(String client) {
        taken.decrementAndGet();
        takenByClient.computeIfPresent(client, (same, count) -> count == 1 ? null : count - 1);
    }
}
