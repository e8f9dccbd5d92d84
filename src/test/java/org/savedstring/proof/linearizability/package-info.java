/** Decides whether a recorded history of reads and writes of one versioned string is linearizable. */
@NullMarked
package org.savedstring.proof.linearizability;

import org.jspecify.annotations.NullMarked;
