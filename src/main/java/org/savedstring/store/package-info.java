/** The saved string and the port through which it is read and written. */
@NullMarked
package org.savedstring.store;

import org.jspecify.annotations.NullMarked;
