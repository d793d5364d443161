/** GPT-2 with identity scalings for DJL: checkpoints, networks, fine-tuning, the model zoo. */
package org.diagonal.plugin;
