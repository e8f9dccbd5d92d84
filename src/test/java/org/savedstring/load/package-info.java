/** Clients by the dozen or the thousand: well-behaved ones that write down what they saw, and others. */
@NullMarked
package org.savedstring.load;

import org.jspecify.annotations.NullMarked;
