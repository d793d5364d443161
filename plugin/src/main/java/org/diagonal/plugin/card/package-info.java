/** The model card of a fine-tuned model. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.card;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
