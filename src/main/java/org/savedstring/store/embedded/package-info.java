/** A store in one file, owned by one process, for a laptop. */
@NullMarked
package org.savedstring.store.embedded;

import org.jspecify.annotations.NullMarked;
