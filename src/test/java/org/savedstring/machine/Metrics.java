package org.savedstring.machine;

import java.util.List;

/** The metrics of one instance, as Prometheus reads them. */
public final class Metrics implements AutoCloseable {

    private final Http management;

    public Metrics(int port) {
        this.management = new Http(port);
    }

    public Http management() {
        return management;
    }

    public List<String> lines() {
        return management.get("/prometheus").text().lines().toList();
    }

    /** 0 if nothing was counted yet. */
    public double value(String series) {
        return lines().stream()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        management.close();
    }
}
