/** Control arms: what is trained in the place of identity scalings. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.control;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
