/** The store that all instances share: one Valkey stream. */
@NullMarked
package org.savedstring.store.valkey;

import org.jspecify.annotations.NullMarked;
