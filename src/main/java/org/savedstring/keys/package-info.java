/** Who may write. */
@NullMarked
package org.savedstring.keys;

import org.jspecify.annotations.NullMarked;
