/** Identity scalings: which circuits have them, how strongly, and adapter files of nothing else. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.identity;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
