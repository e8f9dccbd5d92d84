/** What is said to a client, value by value. */
@NullMarked
package org.savedstring.answer;

import org.jspecify.annotations.NullMarked;
