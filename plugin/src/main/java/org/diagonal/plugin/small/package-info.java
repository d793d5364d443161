/** The paper's networks from scratch, for strings of few symbols. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.small;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
