/** GPT-2 with identity scalings as a DJL block, and the model folder that it is loaded from. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.gpt2;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
