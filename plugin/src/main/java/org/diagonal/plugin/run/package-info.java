/** The run folder of a training: checkpoints, metrics, events. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.run;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
