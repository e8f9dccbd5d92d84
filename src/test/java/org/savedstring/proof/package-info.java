/** The promises, held against a small production while it is used, broken and overloaded. */
@NullMarked
package org.savedstring.proof;

import org.jspecify.annotations.NullMarked;
