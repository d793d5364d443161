/** The step loop: schedules, AdamW, checkpoints, exact resume. */
package org.diagonal.plugin.finetune;
