package org.savedstring.store.valkey;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.StoreException;

/**
 * One script call and its outcome. It completes whatever is thrown on the way.
 *
 * @param <T> the answer
 */
final class ScriptCall<T> {

    /** How Valkey says that it did nothing, and that another node, or the same one soon, may do it. */
    private static final Pattern NOT_HERE_OR_NOT_NOW = Pattern.compile(
            "(MOVED|ASK|READONLY|NOSCRIPT|LOADING|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|NOREPLICAS|another store)\\b");

    private final boolean writes;
    private final Function<RedisAsyncCommands<String, String>, RedisFuture<List<Object>>> command;
    private final Function<List<Object>, T> decoder;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable CompletableFuture<List<Object>> reply;
    private long sendByNanos;
    private String setback = "";
    private @Nullable String complaint;
    private @Nullable Consumer<List<Object>> onDone;
    private boolean mayBeDone;

    /**
     * @param writes whether an unanswered call may have changed something
     * @param decoder makes the answer from the reply; may throw a {@link StoreException}
     */
    ScriptCall(
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

    boolean writes() {
        return writes;
    }

    /**
     * Lets a write that was done but not confirmed be sent again: it finds out for itself what became of that.
     *
     * @param listener is given the reply first
     */
    ScriptCall<T> findingOutIfDone(Consumer<List<Object>> listener) {
        onDone = listener;
        return this;
    }

    /** After this moment it is neither sent nor sent again. */
    void sendBy(long nanos) {
        sendByNanos = nanos;
    }

    long sendByNanos() {
        return sendByNanos;
    }

    boolean isTooLate() {
        return System.nanoTime() - sendByNanos >= 0;
    }

    CompletableFuture<?> send(RedisAsyncCommands<String, String> commands) {
        reply = null;
        CompletableFuture<List<Object>> sent;
        try {
            sent = command.apply(commands).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            refuse(new StoreException.Unavailable("the call could not be sent: " + e));
            sent = CompletableFuture.failedFuture(e);
        }
        reply = sent;
        return sent;
    }

    /** Completes a call that had no effect, at least this time. */
    void refuse(StoreException reason) {
        result.completeExceptionally(
                mayBeDone ? new StoreException.OutcomeUnknown(String.valueOf(reason.getMessage())) : reason);
    }

    /** Completes a call that couldn't be sent in time. */
    void refuseAsUnavailable(String reason) {
        refuse(new StoreException.Unavailable(setback.isEmpty() ? reason : setback));
    }

    /**
     * Completes a call that was sent, if its outcome is certain or it must not be sent again.
     *
     * @param unconfirmed why its answer can't be relied on, or null if it can
     * @return false if it had no effect and may be sent again
     */
    boolean finish(@Nullable String unconfirmed) {
        try {
            return result.isDone() || end(unconfirmed);
        } catch (StoreException e) {
            result.completeExceptionally(e);
        } catch (StreamEntry.Unreadable e) {
            complaint = e.getMessage();
            unknown(complaint + "; " + Advice.UNREADABLE_ENTRY.help());
        } catch (RuntimeException | Error e) {
            complaint = "Valkey's answer can't be understood: " + e;
            unknown(complaint);
        }
        return true;
    }

    /** What to report about a completed call: that Valkey refused it, or that its answer couldn't be read; or null. */
    @Nullable
    String complaint() {
        return complaint == null ? refusal() : complaint;
    }

    /** Why its connection is of no more use, as it leads to the wrong server or to none; null if it is still of use. */
    @Nullable
    String connectionFault() {
        String refusal = refusal();
        if (refusal != null) {
            return NOT_HERE_OR_NOT_NOW.matcher(refusal).lookingAt() ? refusal : null;
        }
        CompletableFuture<List<Object>> answer = reply;
        return answer != null && answer.state() == Future.State.SUCCESS ? null : "the connection to Valkey was lost";
    }

    /** Valkey's own words, if it refused the call. */
    private @Nullable String refusal() {
        CompletableFuture<List<Object>> answer = reply;
        if (answer == null) {
            return null;
        }
        if (answer.state() == Future.State.SUCCESS && StreamCalls.isOtherStore(answer.resultNow())) {
            return Advice.OTHER_STORE.example();
        }
        return answer.state() == Future.State.FAILED
                        && answer.exceptionNow() instanceof RedisCommandExecutionException refused
                ? String.valueOf(refused.getMessage())
                : null;
    }

    private boolean end(@Nullable String unconfirmed) {
        String refusal = refusal();
        if (refusal != null) {
            setback = refusal;
            if (NOT_HERE_OR_NOT_NOW.matcher(refusal).lookingAt() && !isTooLate()) {
                return false;
            }
            refuseAsUnavailable(refusal);
            return true;
        }
        CompletableFuture<List<Object>> answer = reply;
        List<Object> answered = answer != null && answer.state() == Future.State.SUCCESS ? answer.resultNow() : null;
        if (answered != null && unconfirmed == null) {
            result.complete(decoder.apply(answered));
            return true;
        }
        setback = unconfirmed == null ? "the connection to Valkey was lost" : unconfirmed;
        boolean mayAskAgain = !writes;
        if (answered != null && onDone != null) {
            onDone.accept(answered);
            mayBeDone = true;
            mayAskAgain = true;
        }
        if (mayAskAgain && !isTooLate()) {
            return false;
        }
        unknown(setback);
        return true;
    }

    private void unknown(String reason) {
        result.completeExceptionally(
                writes ? new StoreException.OutcomeUnknown(reason) : new StoreException.Unavailable(reason));
    }
}
