@NullMarked
package org.savedstring.store.valkey;

import org.jspecify.annotations.NullMarked;
