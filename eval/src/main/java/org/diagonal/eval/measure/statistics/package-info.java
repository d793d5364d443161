/** Estimates and their intervals. */
package org.diagonal.eval.measure.statistics;
