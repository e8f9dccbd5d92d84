package org.savedstring.store.valkey;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.savedstring.store.StoreException;

/** Makes the calls of the scripts on the stream, each of which says what this instance has seen confirmed. */
final class StreamCalls {

    private static final String OTHER = "other";
    private static final String BEHIND = "behind";
    private static final String CONFLICT = "conflict";
    private static final String UNKNOWN = "unknown";
    private static final String LOST = "lost";
    private static final int DONE = 5;
    private static final long UNIQUE_FROM = 100_000_000_000_000_000L;

    private final String[] keys;
    private final HighestConfirmed confirmed;
    /** The identity that this instance gives to a store without one. */
    private final String storeProposed = unique();

    private Consumer<StreamEntry> onLoss = lost -> {};

    StreamCalls(String[] keys, HighestConfirmed confirmed) {
        this.keys = keys;
        this.confirmed = confirmed;
    }

    /** Calls back with what was known, each time an answer shows that the store has less. */
    void onLoss(Consumer<StreamEntry> listener) {
        onLoss = listener;
    }

    /** A number that is used only once. */
    static String unique() {
        return String.valueOf(ThreadLocalRandom.current().nextLong(UNIQUE_FROM, 10 * UNIQUE_FROM));
    }

    /** The newest entry. */
    ScriptCall<StreamEntry> read() {
        Sent sent = new Sent(Script.READ, new String[3]);
        return sent.call(reply -> reply.isEmpty() ? sent.known : see(reply));
    }

    /** A page of entries. */
    ScriptCall<Page> page(Page.Wanted wanted) {
        Sent sent = new Sent(
                Script.PAGE,
                "",
                "",
                "",
                wanted.newestFirst() ? "newest" : "oldest",
                wanted.from(),
                wanted.to(),
                String.valueOf(wanted.entriesMax()),
                String.valueOf(wanted.bytesMax()));
        return sent.call(Page::decode);
    }

    /** Records that the store has less than this instance has seen confirmed. */
    ScriptCall<StreamEntry> loss() {
        Sent sent = new Sent(Script.LOSS, "", "", "", unique(), storeProposed);
        return sent.call(reply -> reply.isEmpty() ? StreamEntry.NONE : see(reply));
    }

    /**
     * Appends a version. If it was done but not confirmed, for example in a failover, it is sent again, and finds out
     * from the number of its revision whether it is there. That is certain, since the reply showed that it won't be
     * done a second time where it was done.
     *
     * @param unique the number that its revision is to have
     * @param own value, key name, versions to keep, expected revisions
     */
    ScriptCall<StreamEntry> write(String unique, String... own) {
        String[] arguments = new String[DONE + 1 + own.length];
        arguments[3] = unique;
        arguments[4] = storeProposed;
        arguments[DONE] = "";
        System.arraycopy(own, 0, arguments, DONE + 1, own.length);
        ScriptCall<StreamEntry> call = new Sent(Script.WRITE, arguments).call(reply -> {
            requireDecided(reply);
            requireCurrent(reply);
            List<?> fields = (List<?>) reply.get(1);
            List<String> all = new ArrayList<>(List.of("value", own[0], "by", own[1]));
            fields.forEach(field -> all.add((String) field));
            return see(List.of(reply.getFirst(), all));
        });
        return call.findingOutIfDone(reply -> {
            if (reply.getLast() instanceof List<?>) {
                arguments[DONE] += " " + reply.getFirst();
            }
        });
    }

    /** Removes a text; nothing if there is no such version. */
    ScriptCall<Optional<StreamEntry>> removeText(long version) {
        Sent sent = new Sent(Script.REMOVE, "", "", "", unique(), storeProposed, String.valueOf(version));
        return sent.call(reply -> {
            requireCurrent(reply);
            return reply.size() == 1 ? Optional.empty() : Optional.of(StreamEntry.decode(reply));
        });
    }

    /** Whether replicas confirm. */
    boolean isFenced() {
        return keys.length > 1;
    }

    /** Asks, on a connection that isn't used yet, whether it leads to a store that isn't the one this instance knows. */
    CompletionStage<Boolean> leadsToAnotherStore(RedisAsyncCommands<String, String> commands) {
        StreamEntry known = confirmed.entry();
        return Script.READ
                .callUnfenced(
                        commands, isFenced(), keys[0], known.id(), known.saved().revision(), confirmed.store())
                // Whatever else it says, the calls will be told, too.
                .handle((reply, failure) -> failure == null && isOtherStore(reply));
    }

    /** Whether the answer comes from a store that isn't the one this instance knows. */
    static boolean isOtherStore(List<Object> reply) {
        return !reply.isEmpty() && OTHER.equals(reply.getFirst());
    }

    private static void requireDecided(List<Object> reply) {
        if (UNKNOWN.equals(reply.getFirst())) {
            throw new StoreException.OutcomeUnknown(
                    "the write was done but not confirmed, and its version is not kept any more");
        }
        if (LOST.equals(reply.getFirst())) {
            throw new StoreException.Unavailable(
                    "version %s was lost a moment ago: the next is written as soon as every instance has said what it had seen"
                            .formatted(reply.get(1)));
        }
    }

    private static void requireCurrent(List<Object> reply) {
        if (CONFLICT.equals(reply.getFirst())) {
            throw new StoreException.Conflict(String.valueOf(reply.get(1)));
        }
    }

    private StreamEntry see(Object entry) {
        StreamEntry seen = StreamEntry.decode(entry);
        confirmed.see(seen);
        return seen;
    }

    /** One call's arguments, of which the first three are what is known when it is sent. */
    private final class Sent {

        private final Script script;
        private final String[] arguments;
        private StreamEntry known = StreamEntry.NONE;

        Sent(Script script, String... arguments) {
            this.script = script;
            this.arguments = arguments;
        }

        <T> ScriptCall<T> call(Function<List<Object>, T> decoder) {
            return new ScriptCall<>(script.writes(), this::send, reply -> decode(reply, decoder));
        }

        private RedisFuture<List<Object>> send(RedisAsyncCommands<String, String> commands) {
            known = confirmed.entry();
            arguments[0] = known.id();
            arguments[1] = known.saved().revision();
            arguments[2] = confirmed.store();
            return script.call(commands, keys, arguments);
        }

        private <T> T decode(List<Object> reply, Function<List<Object>, T> decoder) {
            if (!reply.isEmpty() && BEHIND.equals(reply.getFirst())) {
                onLoss.accept(known);
                Object last = reply.size() > 1 ? reply.get(1) : null;
                throw new StoreException.VersionLost(
                        known.saved().version(),
                        last == null ? 0 : StreamEntry.decode(last).saved().version());
            }
            return decoder.apply(reply);
        }
    }
}
