/** Open pages that follow every change. */
@NullMarked
package org.savedstring.live;

import org.jspecify.annotations.NullMarked;
