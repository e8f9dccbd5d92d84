/** Who may write, tested. */
@NullMarked
package org.savedstring.keys;

import org.jspecify.annotations.NullMarked;
