/** What the build knows: this version, and the libraries that not every use needs. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.product;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
