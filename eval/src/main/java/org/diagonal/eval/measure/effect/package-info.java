/** The difference between two measurements, paired. */
package org.diagonal.eval.measure.effect;
