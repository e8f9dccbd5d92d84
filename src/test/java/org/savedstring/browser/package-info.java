/** The pages as people see them: in a real browser, with the real service. */
@NullMarked
package org.savedstring.browser;

import org.jspecify.annotations.NullMarked;
