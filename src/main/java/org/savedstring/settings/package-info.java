/** What the service can be told, and what is sensible. */
@NullMarked
package org.savedstring.settings;

import org.jspecify.annotations.NullMarked;
