package org.savedstring.web;

import java.util.List;

/** The metrics of one instance, as Prometheus reads them. */
final class Metrics implements AutoCloseable {

    private final Http management;

    Metrics(int port) {
        this.management = new Http(port);
    }

    Http management() {
        return management;
    }

    List<String> lines() {
        return management.get("/prometheus").text().lines().toList();
    }

    /** 0 if nothing was counted yet. */
    double value(String series) {
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
