/** Live events, tested. */
@NullMarked
package org.savedstring.lifecycle;

import org.jspecify.annotations.NullMarked;
