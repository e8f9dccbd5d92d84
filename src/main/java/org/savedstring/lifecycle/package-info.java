/** The end of an instance that nobody notices. */
@NullMarked
package org.savedstring.lifecycle;

import org.jspecify.annotations.NullMarked;
