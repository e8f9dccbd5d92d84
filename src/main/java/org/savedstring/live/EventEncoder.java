package org.savedstring.live;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.savedstring.store.SavedString;

/** Encodes a version as a server-sent event: the id is the version, the data its JSON. */
public final class EventEncoder {

    private final Function<SavedString, byte[]> json;

    /**
     * @param json encodes a version as JSON without line breaks
     */
    public EventEncoder(Function<SavedString, byte[]> json) {
        this.json = json;
    }

    EventLog.Event encode(SavedString version) {
        String data = new String(json.apply(version), StandardCharsets.UTF_8);
        byte[] frame = "id: %d\ndata: %s\n\n".formatted(version.version(), data).getBytes(StandardCharsets.UTF_8);
        return new EventLog.Event(version.version(), frame);
    }
}
