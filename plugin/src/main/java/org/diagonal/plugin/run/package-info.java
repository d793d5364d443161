/** The run folder of a training: checkpoints, metrics, events. */
package org.diagonal.plugin.run;
