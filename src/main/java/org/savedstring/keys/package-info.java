/** Who may write or see the history, how often, and until when. */
@NullMarked
package org.savedstring.keys;

import org.jspecify.annotations.NullMarked;
