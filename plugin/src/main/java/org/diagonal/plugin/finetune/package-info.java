/** The step loop: schedules, AdamW, checkpoints, exact resume. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.finetune;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
