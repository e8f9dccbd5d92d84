@NullMarked
package org.savedstring;

import org.jspecify.annotations.NullMarked;
