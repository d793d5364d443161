/**
 * Learning curves of template tasks: trials, the record that is {@code curve.json}, its page and
 * its text.
 */
package org.diagonal.eval.curve;
