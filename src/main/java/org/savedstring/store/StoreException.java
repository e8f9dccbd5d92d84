package org.savedstring.store;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Why a store couldn't do as asked. Carries no stack trace: these are answers, not faults in the program. */
public abstract sealed class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private StoreException(String message) {
        super(message, null, false, false);
    }

    /** What failed, without the wrapping that stages put around it. */
    public static @Nullable Throwable causeOf(@Nullable Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    /** What failed, for a log: the sentence alone if it is one of these, since that says everything. */
    public static String reasonOf(@Nullable Throwable failure) {
        Throwable cause = causeOf(failure);
        return String.valueOf(cause instanceof StoreException ? cause.getMessage() : cause);
    }

    /** The store can't be reached or doesn't answer; nothing was written. */
    public static final class Unavailable extends StoreException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message) {
            super(message);
        }
    }

    /** More requests wait for the store than it may keep waiting; nothing was written. */
    public static final class Overloaded extends StoreException {
        private static final long serialVersionUID = 1L;

        public Overloaded(int waitingMax) {
            super("more than " + waitingMax + " requests wait for the store");
        }
    }

    /** The write may or may not have happened, or may yet be lost. */
    public static final class OutcomeUnknown extends StoreException {
        private static final long serialVersionUID = 1L;

        public OutcomeUnknown(String message) {
            super(message);
        }
    }

    /** A version other than the expected one is current; nothing was written. */
    public static final class Conflict extends StoreException {
        private static final long serialVersionUID = 1L;

        private final String currentRevision;

        public Conflict(String currentRevision) {
            super("the current revision is " + currentRevision);
            this.currentRevision = currentRevision;
        }

        public String currentRevision() {
            return currentRevision;
        }
    }

    /** The store came back with less than it had confirmed, and nobody has written since. */
    public static final class VersionLost extends StoreException {
        private static final long serialVersionUID = 1L;

        private final long lostVersion;
        private final long leftVersion;

        /**
         * @param leftVersion the last version that is left; 0 if there is none
         */
        public VersionLost(long lostVersion, long leftVersion) {
            super("version " + lostVersion + " was lost; the store has version " + leftVersion);
            this.lostVersion = lostVersion;
            this.leftVersion = leftVersion;
        }

        public long lostVersion() {
            return lostVersion;
        }

        public long leftVersion() {
            return leftVersion;
        }
    }
}
