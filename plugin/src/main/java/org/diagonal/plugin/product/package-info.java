/** Build information: the version, and the optional libraries. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.product;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
