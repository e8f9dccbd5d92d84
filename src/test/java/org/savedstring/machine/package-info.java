/** What the tests run and talk to: processes of the service, Valkey and a load balancer, and clients that hide nothing. */
@NullMarked
package org.savedstring.machine;

import org.jspecify.annotations.NullMarked;
