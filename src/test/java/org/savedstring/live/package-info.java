/** Live events, tested. */
@NullMarked
package org.savedstring.live;

import org.jspecify.annotations.NullMarked;
