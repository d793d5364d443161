/** Sweeps: one file, one figure. Every combination of settings is trained, any number of times. */
package org.diagonal.eval.sweep;
