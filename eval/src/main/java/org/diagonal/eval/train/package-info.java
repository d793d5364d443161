/** Trains a model in a run folder, and the page of a run. */
package org.diagonal.eval.train;
