/** What operators see: metrics, health in detail and which build is running. */
@NullMarked
package org.savedstring.management;

import org.jspecify.annotations.NullMarked;
