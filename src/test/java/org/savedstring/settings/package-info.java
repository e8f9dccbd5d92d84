/** The settings, right and wrong. */
@NullMarked
package org.savedstring.settings;

import org.jspecify.annotations.NullMarked;
