/** The connections, held against their limits. */
@NullMarked
package org.savedstring.connection;

import org.jspecify.annotations.NullMarked;
