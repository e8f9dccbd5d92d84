/** What can be set, and to what. */
@NullMarked
package org.savedstring.settings;

import org.jspecify.annotations.NullMarked;
