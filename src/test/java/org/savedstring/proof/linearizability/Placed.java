package org.savedstring.proof.linearizability;

/** An operation and its place in every legal order; what ranks lower must have happened earlier. */
record Placed(long rank, Operation operation) {

    /** Where the write of this version stands. */
    static long writeRank(long version) {
        return 2 * version;
    }

    /** Where whatever saw this version stands. */
    static long stateRank(long version) {
        return 2 * version + 1;
    }

    long version() {
        return Math.floorDiv(rank, 2L);
    }

    long returnedNanos() {
        return operation.returnedNanos();
    }
}
