/**
 * The theory of template tasks as an experiment: what is computed, the record that is its file, and
 * its page.
 */
package org.diagonal.eval.kernel;
