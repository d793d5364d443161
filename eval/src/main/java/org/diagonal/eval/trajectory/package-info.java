/** a and b over a training: read from the folder of a run, and drawn. */
package org.diagonal.eval.trajectory;
