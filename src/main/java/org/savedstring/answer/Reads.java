package org.savedstring.answer;

import io.micronaut.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.savedstring.store.SavedString;
import org.savedstring.store.StoreException;
import org.savedstring.store.StringStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a read of the string answers, whichever way it came and goes. */
@Singleton
public final class Reads {

    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);

    private final StringStore store;
    private final Renderer renderer;
    private final ProblemWriter problems;
    private final Negotiation negotiation = new Negotiation();

    Reads(StringStore store, Renderer renderer, ProblemWriter problems) {
        this.store = store;
        this.renderer = renderer;
        this.problems = problems;
    }

    /**
     * Understands a request.
     *
     * @param headers the lines of the header of a name
     * @throws ProblemException if it accepts nothing that is available, or a precondition is malformed
     */
    public ReadRequest requestOf(Function<String, List<String>> headers) {
        ReadRequest request = negotiation.of(headers.apply(HttpHeaders.ACCEPT));
        if (request == null) {
            throw Problems.notAcceptable();
        }
        List<String> ifMatch = headers.apply(HttpHeaders.IF_MATCH);
        List<String> ifNoneMatch = headers.apply(HttpHeaders.IF_NONE_MATCH);
        if (ifMatch.isEmpty() && ifNoneMatch.isEmpty()) {
            return request;
        }
        return new ReadRequest(
                request.representation(),
                ifMatch.isEmpty() ? null : EntityTags.of(ifMatch).orElseThrow(Problems::malformedIfMatch),
                // A malformed one names nothing: then the whole answer is sent, which is always right.
                ifNoneMatch.isEmpty() ? null : EntityTags.of(ifNoneMatch).orElse(null),
                request.prefersHtml());
    }

    public CompletionStage<SavedString> read() {
        return store.read();
    }

    /** Reads and answers; never fails. */
    public CompletionStage<Reply> answer(ReadRequest request) {
        return read().handle((saved, failure) -> reply(request, saved, failure));
    }

    /**
     * The reply to a read.
     *
     * @param saved null if it failed
     */
    public Reply reply(ReadRequest request, @Nullable SavedString saved, @Nullable Throwable failure) {
        try {
            return saved == null ? failed(request, failure) : answered(request, saved);
        } catch (RuntimeException e) {
            return failed(request, e);
        }
    }

    private Reply answered(ReadRequest request, SavedString saved) {
        Rendering.Entity entity = renderer.render(saved).as(request.representation());
        EntityTags ifMatch = request.ifMatch();
        if (ifMatch != null && !ifMatch.name(entity.tag())) {
            return problems.reply(Problems.notCurrent(entity.tag()), request.prefersHtml());
        }
        EntityTags ifNoneMatch = request.ifNoneMatch();
        return ifNoneMatch != null && ifNoneMatch.name(entity.tag()) ? entity.notModified() : entity.whole();
    }

    private Reply failed(ReadRequest request, @Nullable Throwable failure) {
        Throwable cause = StoreException.causeOf(failure);
        if (cause instanceof StoreException known) {
            return problems.reply(Problems.ofStore(known), request.prefersHtml());
        }
        LOG.error("a read failed", cause);
        return problems.reply(Problems.internalError(), request.prefersHtml());
    }
}
