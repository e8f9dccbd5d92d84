/** The HTTP contract, held against the running service. */
@NullMarked
package org.savedstring.web;

import org.jspecify.annotations.NullMarked;
