/** Promises that hold for whatever is given, tried on random examples. */
@NullMarked
package org.savedstring.property;

import org.jspecify.annotations.NullMarked;
