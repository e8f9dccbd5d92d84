/** The HTTP contract. */
@NullMarked
package org.savedstring.web;

import org.jspecify.annotations.NullMarked;
