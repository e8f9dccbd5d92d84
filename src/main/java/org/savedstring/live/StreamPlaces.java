package org.savedstring.live;

import java.util.concurrent.atomic.AtomicInteger;
import org.savedstring.answer.ClientAddress;
import org.savedstring.answer.ClientCounts;
import org.savedstring.answer.Problems;

/** Bounds the open streams, all together and those of one client. */
final class StreamPlaces {

    private final int max;
    private final ClientCounts ofClients;
    private final AtomicInteger taken = new AtomicInteger();

    StreamPlaces(int max, int perClientMax) {
        this.max = max;
        this.ofClients = new ClientCounts(perClientMax);
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
        if (!ofClients.add(client)) {
            taken.decrementAndGet();
            throw Problems.tooManyStreamsOfClient(ofClients.max());
        }
        return client;
    }

    void giveBack(String client) {
        taken.decrementAndGet();
        ofClients.remove(client);
    }
}
