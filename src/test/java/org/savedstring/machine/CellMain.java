package org.savedstring.machine;

import java.util.concurrent.CountDownLatch;

/** Runs a cell until it is interrupted, for people who want to try things on it. */
public final class CellMain {

    private CellMain() {}

    public static void main(String[] args) throws InterruptedException {
        Cell cell = Cell.start();
        print("""

                The cell is up. Ctrl-C ends it and leaves nothing behind.

                  page            %s
                  load balancer   %s
                """.formatted(cell.loadBalancer().url(), cell.loadBalancer().url()));
        cell.instances()
                .forEach(instance -> print(
                        "  %-15s %s   (process %d)%n".formatted(instance.name(), instance.url(), instance.pid())));
        cell.valkey()
                .nodes()
                .forEach(node -> print("  %-15s %s   (process %d)%n"
                        .formatted(
                                node == cell.valkey().primary() ? "valkey primary" : "valkey replica",
                                node.address(),
                                node.pid())));
        print("""

                  curl %1$s
                  curl -X PUT -H 'X-API-Key: %2$s' -d 'Hello from the cell' %1$s
                  curl -N %1$s/events
                """.formatted(cell.loadBalancer().url(), cell.apiKey()));
        new CountDownLatch(1).await();
    }

    @SuppressWarnings("SystemOut")
    private static void print(String text) {
        System.out.print(text);
    }
}
