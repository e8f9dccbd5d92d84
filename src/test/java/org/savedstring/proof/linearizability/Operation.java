package org.savedstring.proof.linearizability;

/**
 * What one client did and was told, with the times on one monotonic clock. Every attempted write carries a value that
 * no other write carries. A read that was not answered says nothing and is not recorded.
 */
public sealed interface Operation {

    /** Stands for the expected version of a write that expects none. */
    long ANY_VERSION = -1;

    /** It was in effect, if at all, no earlier than this. */
    long invokedNanos();

    /** It was in effect, if at all, no later than this. */
    long returnedNanos();

    String value();

    /** A read that showed this version and value. */
    record Read(long invokedNanos, long returnedNanos, long version, String value) implements Operation {}

    /** A write that was acknowledged as this version. */
    record Write(long invokedNanos, long returnedNanos, long version, String value, long expectedVersion)
            implements Operation {}

    /** A write that nobody knows about: it may take effect at any time after its invocation, or never. */
    record UnknownWrite(long invokedNanos, String value, long expectedVersion) implements Operation {
        @Override
        public long returnedNanos() {
            return Long.MAX_VALUE;
        }
    }

    /** A write that was refused, without effect, because the version was not the expected one. */
    record RefusedWrite(long invokedNanos, long returnedNanos, String value, long expectedVersion)
            implements Operation {}

    /** A write that was refused, without effect, for another reason. */
    record FailedWrite(long invokedNanos, long returnedNanos, String value) implements Operation {}
}
