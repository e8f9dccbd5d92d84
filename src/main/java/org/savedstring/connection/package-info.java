/** Connections: what each may hold, how long, and the short way to the string. */
@NullMarked
package org.savedstring.connection;

import org.jspecify.annotations.NullMarked;
