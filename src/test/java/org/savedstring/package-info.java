/** Start, settings and end of the service, tested on real processes. */
@NullMarked
package org.savedstring;

import org.jspecify.annotations.NullMarked;
