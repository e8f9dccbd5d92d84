/** What is said to a client, whichever way it goes out. */
@NullMarked
package org.savedstring.answer;

import org.jspecify.annotations.NullMarked;
