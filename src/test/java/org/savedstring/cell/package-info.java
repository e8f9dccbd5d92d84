/** A small production-like stack of plain processes, the faults it can be given, and the load that watches them. */
@NullMarked
package org.savedstring.cell;

import org.jspecify.annotations.NullMarked;
