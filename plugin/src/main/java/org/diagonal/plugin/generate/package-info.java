/** Texts that a network goes on with: next-token logits, sampling, text as it comes. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.generate;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
