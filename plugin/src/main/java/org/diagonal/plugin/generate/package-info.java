/** Text generation: next-token logits, sampling, streaming. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.generate;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
