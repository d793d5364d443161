/** The one source of every random choice in training and initialisation. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.random;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
