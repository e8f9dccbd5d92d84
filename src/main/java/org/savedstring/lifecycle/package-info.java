/** Ending an instance without anybody noticing. */
@NullMarked
package org.savedstring.lifecycle;

import org.jspecify.annotations.NullMarked;
