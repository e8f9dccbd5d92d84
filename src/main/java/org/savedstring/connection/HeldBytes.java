package org.savedstring.connection;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Bounds what is held in memory for all connections together. When it is too much, the connections for which the most is
 * held are closed first: that hits those who cause it, and frees the most.
 */
final class HeldBytes {

    private final long max;
    private final Consumer<Channel> cut;
    private final Map<Channel, Long> bytesByChannel = new HashMap<>();
    private long bytes;

    /**
     * Bounds it.
     *
     * @param cut ends a connection, and lets go of what is held for it
     */
    HeldBytes(long max, Consumer<Channel> cut) {
        this.max = max;
        this.cut = cut;
    }

    /** Notes how much is held for a connection now; called by its event loop, which closes its own at once. */
    void hold(Channel channel, long held) {
        holdAndFindTooMuch(channel, held).forEach(cut);
    }

    synchronized void release(Channel channel) {
        Long known = bytesByChannel.remove(channel);
        if (known != null) {
            bytes -= known;
        }
    }

    private synchronized List<Channel> holdAndFindTooMuch(Channel channel, long held) {
        release(channel);
        bytesByChannel.put(channel, held);
        bytes += held;
        if (bytes <= max) {
            return List.of();
        }
        // Several at once, so that a flood of small ones does not make this run for each of them.
        List<Channel> mostFirst = bytesByChannel.entrySet().stream()
                .filter(known -> known.getKey().eventLoop().inEventLoop())
                .sorted(Map.Entry.<Channel, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
        int count = 0;
        while (count < mostFirst.size() && bytes > max - max / 8) {
            release(mostFirst.get(count));
            count++;
        }
        return mostFirst.subList(0, count);
    }
}
