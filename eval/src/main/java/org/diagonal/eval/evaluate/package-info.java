/** Measures a model on a text or a template task. */
package org.diagonal.eval.evaluate;
