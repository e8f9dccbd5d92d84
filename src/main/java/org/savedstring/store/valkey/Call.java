package org.savedstring.store.valkey;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.StoreException;

/**
 * One script call and what became of it.
 *
 * @param <T> the answer
 */
final class Call<T> {

    /** A primary that was replaced keeps its clients: it refers them, or refuses; one that was emptied lacks the scripts. */
    private static final Pattern MISDIRECTED = Pattern.compile("(MOVED|READONLY|NOSCRIPT)\\b");

    private final boolean writes;
    private final Function<RedisAsyncCommands<String, String>, RedisFuture<List<Object>>> command;
    private final Function<List<Object>, T> decoder;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable CompletableFuture<List<Object>> reply;

    /**
     * @param writes whether an unanswered call may have changed something
     * @param decoder makes the answer from the reply; may throw a {@link StoreException}
     */
    Call(
            boolean writes,
            Function<RedisAsyncCommands<String, String>, RedisFuture<List<Object>>> command,
            Function<List<Object>, T> decoder) {
        this.writes = writes;
        this.command = command;
        this.decoder = decoder;
    }

    CompletableFuture<T> result() {
        return result;
    }

    CompletableFuture<?> send(RedisAsyncCommands<String, String> commands) {
        CompletableFuture<List<Object>> sent = command.apply(commands).toCompletableFuture();
        reply = sent;
        return sent;
    }

    /** Ends a call that was never sent. */
    void refuse(StoreException reason) {
        result.completeExceptionally(reason);
    }

    /**
     * Ends a call that was sent.
     *
     * @param unconfirmed why its answer can't be relied on, or null if it can
     */
    void finish(@Nullable String unconfirmed) {
        CompletableFuture<List<Object>> answer = reply;
        if (answer != null && answer.state() == Future.State.FAILED && isRefusal(answer.exceptionNow())) {
            // Valkey did nothing, and says so.
            result.completeExceptionally(new StoreException.Unavailable(
                    "Valkey refused: " + answer.exceptionNow().getMessage()));
        } else if (answer == null || answer.state() != Future.State.SUCCESS || unconfirmed != null) {
            unknown(unconfirmed == null ? "the connection to Valkey was lost" : unconfirmed);
        } else {
            decode(answer.resultNow());
        }
    }

    /** Whether the answer shows that this connection leads to a server that can't be the right one, or not any more. */
    boolean isMisdirected() {
        CompletableFuture<List<Object>> answer = reply;
        return answer != null
                && answer.state() == Future.State.FAILED
                && isRefusal(answer.exceptionNow())
                && MISDIRECTED
                        .matcher(String.valueOf(answer.exceptionNow().getMessage()))
                        .lookingAt();
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof RedisCommandExecutionException;
    }

    private void unknown(String reason) {
        result.completeExceptionally(
                writes ? new StoreException.OutcomeUnknown(reason) : new StoreException.Unavailable(reason));
    }

    private void decode(List<Object> answer) {
        try {
            result.complete(decoder.apply(answer));
        } catch (StoreException e) {
            result.completeExceptionally(e);
        }
    }
}
