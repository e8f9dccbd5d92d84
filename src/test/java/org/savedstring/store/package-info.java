/** The promises of the store, held against every store there is. */
@NullMarked
package org.savedstring.store;

import org.jspecify.annotations.NullMarked;
