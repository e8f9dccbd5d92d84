/** The service's start, settings and end. */
@NullMarked
package org.savedstring;

import org.jspecify.annotations.NullMarked;
