/** Scores of template tasks: accuracy and loss by label. */
package org.diagonal.eval.measure.accuracy;
